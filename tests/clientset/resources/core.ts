import * as corev1 from '@client-ts/api/core/v1';
import * as discoveryv1 from '@client-ts/api/discovery/v1';
import * as eventsv1 from '@client-ts/api/events/v1';
import { row, Walk } from '../row.js';

const template = { metadata: { labels: { app: 'walk' } }, spec: { containers: [{ name: 'main', image: 'busybox' }] } };

export const core = [
  row(corev1.configMaps, (c) => c.coreV1().configMaps(Walk), { data: { a: 'b' } }),
  row(corev1.endpoints, (c) => c.coreV1().endpoints(Walk), {
    subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }],
  }),
  row(corev1.events, (c) => c.coreV1().events(Walk), {
    involvedObject: { kind: 'Pod', namespace: Walk, name: 'a' },
    reason: 'Walked',
    type: 'Normal',
  }),
  row(corev1.limitRanges, (c) => c.coreV1().limitRanges(Walk), {
    spec: { limits: [{ type: 'Container', max: { cpu: '2' } }] },
  }),
  row(
    corev1.namespaces,
    (c) => c.coreV1().namespaces(),
    { metadata: { name: 'walk-namespace' } },
    {
      afterDelete: async (c) => {
        const namespaces = c.coreV1().namespaces();
        await namespaces.finalize({ ...(await namespaces.get('walk-namespace')), spec: { finalizers: [] } });
      },
    },
  ),
  row(
    corev1.nodes,
    (c) => c.coreV1().nodes(),
    { spec: { podCIDR: '10.2.0.0/24' } },
    {
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ),
  row(corev1.persistentVolumeClaims, (c) => c.coreV1().persistentVolumeClaims(Walk), {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  row(corev1.persistentVolumes, (c) => c.coreV1().persistentVolumes(), {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/tmp/walk' } },
  }),
  row(corev1.pods, (c) => c.coreV1().pods(Walk), { spec: template.spec }, { status: { phase: 'Running' } }),
  row(corev1.podTemplates, (c) => c.coreV1().podTemplates(Walk), { template }),
  row(
    corev1.replicationControllers,
    (c) => c.coreV1().replicationControllers(Walk),
    {
      spec: { replicas: 1, selector: { app: 'walk' }, template },
    },
    { status: { replicas: 1 } },
  ),
  row(
    corev1.resourceQuotas,
    (c) => c.coreV1().resourceQuotas(Walk),
    { spec: { hard: { configmaps: '100' } } },
    {
      status: { hard: { configmaps: '100' } },
    },
  ),
  row(corev1.secrets, (c) => c.coreV1().secrets(Walk), { data: { a: 'Yg==' } }),
  row(corev1.serviceAccounts, (c) => c.coreV1().serviceAccounts(Walk), { automountServiceAccountToken: false }),
  row(
    corev1.services,
    (c) => c.coreV1().services(Walk),
    { spec: { ports: [{ port: 80 }] } },
    {
      status: { loadBalancer: {} },
    },
  ),
  row(discoveryv1.endpointSlices, (c) => c.discoveryV1().endpointSlices(Walk), {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'] }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  }),
  row(eventsv1.events, (c) => c.eventsV1().events(Walk), {
    action: 'Walk',
    eventTime: '2026-01-02T03:04:05.000006Z',
    reason: 'Walked',
    regarding: { kind: 'Pod', namespace: Walk, name: 'a' },
    reportingController: 'example.com/walk',
    reportingInstance: 'walk-1',
    type: 'Normal',
  }),
];
