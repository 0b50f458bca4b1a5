import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect, it } from 'vitest';
import { serviceRules } from './service-rules.js';

const metadata = { name: 'a', uid: 'd67e2ed1-face-46c2-bd47-974a3c0ba765' };

function created(spec: object): unknown {
  const service: KubernetesObject & { spec: object } = { metadata, spec };
  const made: (KubernetesObject & { spec?: unknown }) | undefined = serviceRules.initial?.(service, '');
  return made?.spec;
}

const IPv4 = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
const address = expect.stringMatching(/^10\.(9[6-9]|10\d|11[01])\.\d+\.\d+$/) as string;
const nodePort = expect.toSatisfy((port) => typeof port === 'number' && port >= 30_000 && port < 32_768) as number;

it.each<[object, object]>([
  [{ type: 'ClusterIP' }, { type: 'ClusterIP', clusterIP: address, clusterIPs: [address], ...IPv4 }],
  [
    { type: 'ClusterIP', clusterIP: '10.0.0.1' },
    { type: 'ClusterIP', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ...IPv4 },
  ],
  [
    { type: 'ClusterIP', clusterIP: 'None' },
    { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ...IPv4 },
  ],
  [
    { type: 'NodePort', ports: [{ port: 80 }, { port: 81, nodePort: 31_000 }] },
    {
      type: 'NodePort',
      clusterIP: address,
      clusterIPs: [address],
      ...IPv4,
      ports: [
        { port: 80, nodePort },
        { port: 81, nodePort: 31_000 },
      ],
    },
  ],
  [
    { type: 'ExternalName', externalName: 'x' },
    { type: 'ExternalName', externalName: 'x' },
  ],
])('%j', (spec, expected) => {
  expect(created(spec)).toEqual(expected);
});

it('gives the same service the same address again', () => {
  expect(created({ type: 'ClusterIP' })).toEqual(created({ type: 'ClusterIP' }));
});
