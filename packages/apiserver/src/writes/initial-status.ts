import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';

interface Body extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: unknown;
}

/** What a new object looks like whatever the client sent: its status, and what belongs to its life cycle. */
const Initial: Readonly<Record<string, (body: Body) => Body>> = {
  namespaces: (body) => ({
    ...body,
    metadata: {
      ...body.metadata,
      labels: { ...body.metadata?.labels, 'kubernetes.io/metadata.name': body.metadata?.name ?? '' },
    },
    spec: { ...body.spec, finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }),
  // A node reports on itself when it registers.
  nodes: (body) => body,
  pods: (body) => ({ ...body, status: { phase: 'Pending', qosClass: 'BestEffort' } }),
  persistentvolumeclaims: (body) => ({ ...body, status: { phase: 'Pending' } }),
  persistentvolumes: (body) => ({ ...body, status: { phase: 'Pending' } }),
  services: (body) => ({ ...body, status: { loadBalancer: {} } }),
};

export function initialStatus(resource: ServedResource, object: KubernetesObject): KubernetesObject {
  if (!strategyOf(resource).status) return object;
  const name = formatGroupResource(resource);
  if (Object.hasOwn(Initial, name)) return Initial[name]?.(object) ?? object;
  const { status: _status, ...rest } = object as Body;
  return resource.custom ? rest : ({ ...rest, status: {} } as Body);
}
