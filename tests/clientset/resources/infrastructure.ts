import * as networkingv1 from '@client-ts/api/networking/v1';
import * as nodev1 from '@client-ts/api/node/v1';
import * as resourcev1 from '@client-ts/api/resource/v1';
import * as resourcev1alpha3 from '@client-ts/api/resource/v1alpha3';
import * as resourcev1beta1 from '@client-ts/api/resource/v1beta1';
import * as resourcev1beta2 from '@client-ts/api/resource/v1beta2';
import * as storagev1 from '@client-ts/api/storage/v1';
import { row, Walk } from '../row.js';

const selectors = [{ cel: { expression: 'device.driver == "walk.example.com"' } }];
const taint = {
  spec: {
    deviceSelector: { driver: 'walk.example.com' },
    taint: { key: 'example.com/a', effect: 'NoSchedule' as const },
  },
};
const exactly = { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'walk.example.com' } }] } };
const plainly = { devices: { requests: [{ name: 'a', deviceClassName: 'walk.example.com' }] } };
const slice = {
  driver: 'walk.example.com',
  nodeName: 'walk',
  pool: { name: 'walk', generation: 1, resourceSliceCount: 1 },
};
const path = { path: '/', pathType: 'Prefix' as const, backend: { service: { name: 'walk', port: { number: 80 } } } };

export const infrastructure = [
  row(networkingv1.ingressClasses, (c) => c.networkingV1().ingressClasses(), {
    spec: { controller: 'example.com/walk' },
  }),
  row(
    networkingv1.ingresses,
    (c) => c.networkingV1().ingresses(Walk),
    { spec: { rules: [{ host: 'walk.example.com', http: { paths: [path] } }] } },
    { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
  ),
  row(networkingv1.ipAddresses, (c) => c.networkingV1().ipAddresses(), {
    metadata: { name: '192.0.2.7' },
    spec: { parentRef: { resource: 'services', namespace: Walk, name: 'walk' } },
  }),
  row(networkingv1.networkPolicies, (c) => c.networkingV1().networkPolicies(Walk), {
    spec: { podSelector: { matchLabels: { app: 'walk' } }, policyTypes: ['Ingress'] },
  }),
  row(networkingv1.serviceCIDRs, (c) => c.networkingV1().serviceCIDRs(), { spec: { cidrs: ['10.9.0.0/24'] } }),
  row(nodev1.runtimeClasses, (c) => c.nodeV1().runtimeClasses(), { handler: 'walk' }),
  row(resourcev1.deviceClasses, (c) => c.resourceV1().deviceClasses(), { spec: { selectors } }),
  row(resourcev1beta1.deviceClasses, (c) => c.resourceV1beta1().deviceClasses(), { spec: { selectors } }),
  row(resourcev1beta2.deviceClasses, (c) => c.resourceV1beta2().deviceClasses(), { spec: { selectors } }),
  row(resourcev1.deviceTaintRules, (c) => c.resourceV1().deviceTaintRules(), taint),
  row(resourcev1alpha3.deviceTaintRules, (c) => c.resourceV1alpha3().deviceTaintRules(), taint),
  row(resourcev1beta2.deviceTaintRules, (c) => c.resourceV1beta2().deviceTaintRules(), taint),
  row(resourcev1.resourceClaims, (c) => c.resourceV1().resourceClaims(Walk), { spec: exactly }),
  row(resourcev1beta1.resourceClaims, (c) => c.resourceV1beta1().resourceClaims(Walk), { spec: plainly }),
  row(resourcev1beta2.resourceClaims, (c) => c.resourceV1beta2().resourceClaims(Walk), { spec: exactly }),
  row(resourcev1.resourceClaimTemplates, (c) => c.resourceV1().resourceClaimTemplates(Walk), {
    spec: { spec: exactly },
  }),
  row(resourcev1beta1.resourceClaimTemplates, (c) => c.resourceV1beta1().resourceClaimTemplates(Walk), {
    spec: { spec: plainly },
  }),
  row(resourcev1beta2.resourceClaimTemplates, (c) => c.resourceV1beta2().resourceClaimTemplates(Walk), {
    spec: { spec: exactly },
  }),
  row(resourcev1.resourceSlices, (c) => c.resourceV1().resourceSlices(), {
    spec: { ...slice, devices: [{ name: 'a' }] },
  }),
  row(resourcev1beta1.resourceSlices, (c) => c.resourceV1beta1().resourceSlices(), {
    spec: { ...slice, devices: [{ name: 'a', basic: {} }] },
  }),
  row(resourcev1beta2.resourceSlices, (c) => c.resourceV1beta2().resourceSlices(), {
    spec: { ...slice, devices: [{ name: 'a' }] },
  }),
  row(
    resourcev1alpha3.resourcePoolStatusRequests,
    (c) => c.resourceV1alpha3().resourcePoolStatusRequests(),
    { spec: { driver: 'walk.example.com' } },
    { status: { poolCount: 0 } },
  ),
  row(storagev1.csiDrivers, (c) => c.storageV1().csiDrivers(), { spec: { attachRequired: false } }),
  row(storagev1.csiNodes, (c) => c.storageV1().csiNodes(), {
    spec: { drivers: [{ name: 'walk.example.com', nodeID: 'walk' }] },
  }),
  row(storagev1.csiStorageCapacities, (c) => c.storageV1().csiStorageCapacities(Walk), {
    storageClassName: 'walk',
    capacity: '1Gi',
  }),
  row(storagev1.storageClasses, (c) => c.storageV1().storageClasses(), { provisioner: 'example.com/walk' }),
  row(
    storagev1.volumeAttachments,
    (c) => c.storageV1().volumeAttachments(),
    { spec: { attacher: 'example.com', nodeName: 'walk', source: { persistentVolumeName: 'walk' } } },
    { status: { attached: true } },
  ),
  row(storagev1.volumeAttributesClasses, (c) => c.storageV1().volumeAttributesClasses(), {
    driverName: 'walk.example.com',
    parameters: { a: 'b' },
  }),
];
