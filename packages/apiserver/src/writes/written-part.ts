import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { rulesOf } from '../rules/resource-rules.js';
import { strategyOf } from '../strategy.js';

interface Parts extends KubernetesObject {
  readonly status?: unknown;
}

/** Subresources through which a status is written. */
const StatusWriters: ReadonlySet<string> = new Set(['approval', 'status']);

/**
 * What a write makes of the stored object: each way of writing changes its part of it only, and takes the rest from what
 * is stored.
 */
export function writtenPart(
  resource: ServedResource,
  subresource: string,
  sent: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const part = withStored(resource, subresource, sent, current);
  return rulesOf(resource).changed?.(part, current, subresource) ?? part;
}

function withStored(
  resource: ServedResource,
  subresource: string,
  sent: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  // The server itself writes a binding: where the pod runs, and that it does.
  if (subresource === 'binding') return sent;
  if (StatusWriters.has(subresource)) {
    // The status of a custom resource comes alone; that of a built-in one brings its metadata.
    return withStatusOf(sent, resource.custom ? current : { ...current, metadata: sent.metadata ?? {} });
  }
  return strategyOf(resource).status ? withStatusOf(current, sent) : sent;
}

/** `object` with the status of another one, absent where it is absent there. */
function withStatusOf({ status }: Parts, object: Parts): Parts {
  const { status: _replaced, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}
