import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { rulesOf } from '../rules/resource-rules.js';
import { strategyOf } from '../strategy.js';

interface Body extends KubernetesObject {
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
  'apiservices.apiregistration.k8s.io',
  'csinodes.storage.k8s.io',
  'nodes',
]);

/** What an object is like when it comes into the world, whatever the client sent. */
export function initialObject(resource: ServedResource, object: KubernetesObject, now: string): KubernetesObject {
  const initial = withInitialStatus(resource, object);
  return rulesOf(resource).initial?.(initial, now) ?? initial;
}

function withInitialStatus(resource: ServedResource, object: Body): Body {
  const name = formatGroupResource(resource);
  if (!strategyOf(resource).status || KeepsStatus.has(name)) return object;
  const { status: _status, ...rest } = object;
  if (resource.custom) return rest;
  return { ...rest, status: (Object.hasOwn(InitialStatus, name) && InitialStatus[name]) || {} };
}
