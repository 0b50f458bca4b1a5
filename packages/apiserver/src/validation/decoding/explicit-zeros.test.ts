import { schema } from '@client-ts/api/schema';
import { expect, test } from 'vitest';
import { decodeType } from './type-decoder.js';

test.each<[string, string, object, object]>([
  ['empty maps and lists', 'core.v1.ConfigMap', { data: {}, binaryData: {} }, {}],
  ['zeros in what is optional', 'apps.v1.DeploymentSpec', { paused: false, minReadySeconds: 0 }, {}],
  ['zeros that say something', 'apps.v1.DeploymentSpec', { replicas: 0 }, { replicas: 0 }],
  ['zeros in what is required', 'core.v1.ContainerPort', { containerPort: 0, name: '' }, { containerPort: 0 }],
  ['structs that are empty', 'core.v1.Volume', { name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }],
  ['what structs leave out in turn', 'core.v1.ResourceRequirements', { limits: {}, claims: [] }, {}],
  ['values in a map', 'core.v1.ConfigMap', { data: { k: '' } }, { data: { k: '' } }],
  ['items of a list', 'core.v1.Container', { args: [''] }, { args: [''] }],
  ['a false that says something', 'core.v1.SecurityContext', { privileged: false }, { privileged: false }],
  [
    'an empty class of storage',
    'core.v1.PersistentVolumeClaimSpec',
    { storageClassName: '', volumeName: '' },
    { storageClassName: '' },
  ],
])('%s', (_, type, given, expected) => {
  expect(decodeType(schema, `io.k8s.api.${type}`, given).value).toEqual(expected);
});
