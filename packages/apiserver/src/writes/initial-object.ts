import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';
import { timeNow } from './time-text.js';
import type { Cluster } from '../cluster.js';

interface Body extends KubernetesObject {
  spec?: { finalizers?: string[] };
  status?: unknown;
}

/** The status of a new object where it is not empty: fields that Go always writes, and first phases. */
const InitialStatus: Readonly<Record<string, object>> = {
  'daemonsets.apps': {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  'horizontalpodautoscalers.autoscaling': { desiredReplicas: 0, currentMetrics: null },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
  persistentvolumeclaims: { phase: 'Pending' },
  'poddisruptionbudgets.policy': { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  pods: { phase: 'Pending', qosClass: 'BestEffort' },
  'replicasets.apps': { replicas: 0 },
  replicationcontrollers: { replicas: 0 },
  services: { loadBalancer: {} },
  'statefulsets.apps': { replicas: 0, availableReplicas: 0 },
  'volumeattachments.storage.k8s.io': { attached: false },
};

/** New objects of these resources keep the status that was sent: whoever creates them reports on itself. */
const KeepsStatus: ReadonlySet<string> = new Set([
  'nodes',
  'csinodes.storage.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

/** What an object is like when it comes into the world, whatever the client sent: its status, and its life cycle. */
export function initialObject(cluster: Cluster, resource: ServedResource, object: KubernetesObject): KubernetesObject {
  const name = formatGroupResource(resource);
  if (name === 'namespaces') return initialNamespace(object);
  if (!strategyOf(resource).status || KeepsStatus.has(name)) return object;
  const { status: _status, ...rest } = object as Body;
  if (resource.custom) return rest;
  if (name === 'persistentvolumes') {
    return withStatus(rest, { phase: 'Pending', lastPhaseTransitionTime: timeNow(cluster.clock) });
  }
  return withStatus(rest, (Object.hasOwn(InitialStatus, name) && InitialStatus[name]) || {});
}

function initialNamespace(object: Body): KubernetesObject {
  const { metadata, spec } = object;
  const finalizers = spec?.finalizers ?? [];
  return withStatus(
    {
      ...object,
      metadata: namespaceLabels(metadata),
      spec: { ...spec, finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] },
    },
    { phase: 'Active' },
  );
}

/** A namespace always carries its name as a label. */
export function namespaceLabels(metadata: KubernetesObject['metadata']): NonNullable<KubernetesObject['metadata']> {
  return { ...metadata, labels: { ...metadata?.labels, 'kubernetes.io/metadata.name': metadata?.name ?? '' } };
}

function withStatus(object: Body, status: object): Body {
  return { ...object, status };
}
