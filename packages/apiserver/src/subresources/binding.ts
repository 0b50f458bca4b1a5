import { type Condition, type KubernetesObject, setStatusCondition } from '@client-ts/apimachinery';
import { newBadRequest, newConflict, newStatusError } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from '../api-request.js';
import type { Call } from '../call.js';
import { decodeObject } from '../decode-object.js';
import { writeContext } from '../verbs/write-verbs.js';
import { writeOptions } from '../write-options.js';
import { updateObject } from '../writes/update-object.js';
import type { WriteContext } from '../writes/write-context.js';
import { created } from './success.js';

interface Binding extends KubernetesObject {
  readonly target?: { readonly kind?: string; readonly name?: string };
}

interface Pod extends KubernetesObject {
  spec?: { nodeName?: string };
  status?: { conditions?: Condition[] };
}

/** Puts a pod on a node, as a scheduler does. */
export function bind(call: Call): ApiResponse {
  const { cluster, request, path } = call;
  const options = writeOptions('CreateOptions', request.url.searchParams);
  const kind = { group: '', version: 'v1', kind: 'Binding' };
  const binding: Binding = decodeObject(request, kind, cluster.registry).object;
  const name = path.resource === 'bindings' ? (binding.metadata?.name ?? '') : path.name;
  if (binding.metadata?.name !== name) throw newBadRequest('name in URL does not match name in Binding object');
  const node = targetOf(binding);
  const pods = cluster.registry.find({ group: '', version: 'v1' }, 'pods') ?? call.resource;
  const context: WriteContext = {
    ...writeContext({ ...call, resource: pods }, options),
    subresource: 'binding',
    ownership: 'kept',
  };
  updateObject(context, {
    name,
    uid: binding.metadata.uid,
    desired: (pod) => bound(pod, node, binding, new Date(cluster.clock.now())),
  });
  return created();
}

function targetOf({ target }: Binding): string {
  const { kind = '', name = '' } = target ?? {};
  if (kind !== '' && kind !== 'Node') {
    throw newStatusError(
      500,
      '',
      `target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`,
    );
  }
  if (name === '') throw newStatusError(500, '', 'target.name: Required value');
  return name;
}

function bound(pod: Pod, nodeName: string, { metadata }: Binding, now: Date): KubernetesObject {
  const { name = '' } = pod.metadata ?? {};
  if (pod.spec?.nodeName) {
    const problem = `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`;
    throw newConflict({ group: '', resource: 'pods/binding' }, name, problem);
  }
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null };
  const assigned: Pod = {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata?.labels, ...metadata?.labels },
      annotations: { ...pod.metadata?.annotations, ...metadata?.annotations },
    },
    spec: { ...pod.spec, nodeName },
    status: { ...pod.status, conditions: setStatusCondition(pod.status?.conditions, scheduled, now) },
  };
  return assigned;
}
