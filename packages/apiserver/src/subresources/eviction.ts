import { type Condition, type KubernetesObject, setStatusCondition } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from '../api-request.js';
import type { Call } from '../call.js';
import { collectionOf, keyOf } from '../cluster.js';
import { decodeObject } from '../decode-object.js';
import { StoredObject } from '../stored-object.js';
import { namedObject } from '../verbs/read-verbs.js';
import { writeOptions } from '../write-options.js';
import { deleteObject, requirePreconditions } from '../writes/delete-object.js';
import { checkedDeleteOptions } from '../writes/delete-options.js';
import { spendDisruption } from './disruption-budget.js';
import { created } from './success.js';

interface Eviction extends KubernetesObject {
  readonly deleteOptions?: unknown;
}

interface Pod extends KubernetesObject {
  status?: { phase?: string; conditions?: Condition[] };
}

/** Deletes a pod where its disruption budget allows it. */
export function evict(call: Call): ApiResponse {
  const { cluster, request, path, resource } = call;
  const options = writeOptions('CreateOptions', request.url.searchParams);
  const kind = { group: 'policy', version: 'v1', kind: 'Eviction' };
  const eviction: Eviction = decodeObject(request, kind, cluster.registry).object;
  if (eviction.metadata?.name !== path.name) {
    throw newBadRequest('name in URL does not match name in Eviction object');
  }
  const deleteOptions = checkedDeleteOptions(eviction.deleteOptions ?? {});
  const dryRun = options.dryRun || (deleteOptions.dryRun ?? []).length > 0;
  const pod: Pod = namedObject(call).object;
  requirePreconditions({ group: '', resource: resource.kind }, pod.metadata ?? {}, deleteOptions);
  spendDisruption(cluster, pod, dryRun);
  const target = { cluster, resource, namespace: path.namespace, dryRun };
  if (!dryRun) announce(call, pod);
  deleteObject(target, path.name, { ...deleteOptions, preconditions: undefined });
  return created();
}

/** Says on the pod why it goes. */
function announce({ cluster, resource, path }: Call, pod: Pod): void {
  const condition: Condition & { lastProbeTime: null } = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const now = new Date(cluster.clock.now());
  const announced: Pod = {
    ...pod,
    status: { ...pod.status, conditions: setStatusCondition(pod.status?.conditions, condition, now) },
  };
  const key = keyOf(resource, path.namespace, path.name);
  collectionOf(cluster, resource).put(key, (revision) => new StoredObject(announced).at(revision));
}
