import { expect, it } from 'vitest';
import { keepAllocated } from './service-update.js';

const chosen = { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
const onNodes = {
  ...chosen,
  type: 'NodePort',
  externalTrafficPolicy: 'Cluster',
  ports: [{ port: 80, nodePort: 30_000 }],
};

it.each<[string, object, object, object]>([
  ['keeps its address', { type: 'ClusterIP' }, { type: 'ClusterIP', ...chosen }, { type: 'ClusterIP', ...chosen }],
  [
    'keeps an address that is sent as empty',
    { type: 'ClusterIP', clusterIP: '' },
    { type: 'ClusterIP', ...chosen },
    { type: 'ClusterIP', ...chosen },
  ],
  [
    'keeps its address with a new type',
    { type: 'NodePort' },
    { type: 'ClusterIP', ...chosen },
    { type: 'NodePort', ...chosen },
  ],
  [
    'loses what only the old type had',
    { ...onNodes, type: 'ClusterIP' },
    onNodes,
    { ...chosen, type: 'ClusterIP', ports: [{ port: 80 }] },
  ],
  [
    'keeps what was given anew, be it wrong',
    { type: 'ClusterIP', ports: [{ port: 80, nodePort: 31_000 }] },
    onNodes,
    { ...chosen, type: 'ClusterIP', ports: [{ port: 80, nodePort: 31_000 }] },
  ],
  [
    'loses its address when it only names another',
    { ...chosen, type: 'ExternalName', externalName: 'x' },
    { ...chosen, type: 'ClusterIP' },
    { type: 'ExternalName', externalName: 'x' },
  ],
  [
    'chooses no ports for a balancer that is none',
    { ...chosen, type: 'NodePort', allocateLoadBalancerNodePorts: true },
    { ...chosen, type: 'LoadBalancer', allocateLoadBalancerNodePorts: true },
    { ...chosen, type: 'NodePort' },
  ],
])('a service %s', (_, sent, old, expected) => {
  const service = { spec: structuredClone(sent) };
  const before: object = { spec: old };
  keepAllocated(service, before);
  expect(service.spec).toEqual(expected);
});
