import { expect, test } from 'vitest';
import { groupVersionName, kebabCase, lowerFirstWord, modulePath, resourceName, typeName } from './naming.js';

test.each([
  ['Pod', 'pods', 'pods'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims', 'persistentVolumeClaims'],
  ['NetworkPolicy', 'networkpolicies', 'networkPolicies'],
  ['Endpoints', 'endpoints', 'endpoints'],
  ['ComponentStatus', 'componentstatuses', 'componentStatuses'],
  ['CSIDriver', 'csidrivers', 'csiDrivers'],
  ['APIService', 'apiservices', 'apiServices'],
  ['IPAddress', 'ipaddresses', 'ipAddresses'],
  ['ServiceCIDR', 'servicecidrs', 'serviceCIDRs'],
  ['Person', 'people', 'people'],
])('%s, in the plural %s, is described by %s', (kind, name, expected) => {
  expect(resourceName({ kind, name })).toBe(expected);
});

test.each([
  ['io.k8s.api.apps.v1.Deployment', { module: 'apps/v1', name: 'Deployment' }],
  ['io.k8s.api.core.v1beta1.X', { module: 'core/v1beta1', name: 'X' }],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON', { module: 'apiextensions/v1', name: 'JSON' }],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Condition', { module: 'meta/v1', name: 'Condition' }],
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', undefined],
])('the type %s is declared as %j', (schemaName, expected) => {
  expect(typeName(schemaName)).toEqual(expected);
});

test.each([
  ['', 'v1', 'core/v1'],
  ['apps', 'v1', 'apps/v1'],
  ['coordination.k8s.io', 'v1beta1', 'coordination/v1beta1'],
  ['internal.apiserver.k8s.io', 'v1alpha1', 'apiserverinternal/v1alpha1'],
  ['constructor', 'v1', 'constructor/v1'],
])('group %j version %s is in the module %s', (group, version, expected) => {
  expect(modulePath(group, version)).toBe(expected);
});

test.each([
  ['', 'v1', 'CoreV1'],
  ['flowcontrol.apiserver.k8s.io', 'v1', 'FlowcontrolV1'],
  ['internal.apiserver.k8s.io', 'v1alpha1', 'InternalV1alpha1'],
  ['my-group', 'v1alpha1', 'MyGroupV1alpha1'],
])('group %j version %s has the client %sClient', (group, version, expected) => {
  expect(groupVersionName({ group, version })).toBe(expected);
});

test.each([
  ['Pod', 'pod', 'pod'],
  ['ServiceAccount', 'serviceAccount', 'service-account'],
  ['CSIDriver', 'csiDriver', 'csi-driver'],
  ['JSON', 'json', 'json'],
])('%s begins a name as %s, and is in the file %s', (kind, camel, kebab) => {
  expect(lowerFirstWord(kind)).toBe(camel);
  expect(kebabCase(kind)).toBe(kebab);
});
