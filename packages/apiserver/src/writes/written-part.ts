import type { KubernetesObject, ObjectMeta } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
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
  // The server itself writes a binding: where the pod runs, and that it does.
  if (subresource === 'binding') return sent;
  if (!StatusWriters.has(subresource)) return strategyOf(resource).status ? withStatusOf(current, sent) : sent;
  return withStatusOf(sent, {
    ...current,
    metadata: metadataOfStatus(resource, sent.metadata ?? {}, current.metadata ?? {}),
  });
}

/** The metadata that comes with a status. */
function metadataOfStatus(resource: ServedResource, sent: ObjectMeta, current: ObjectMeta): ObjectMeta {
  const { statusKeeps } = strategyOf(resource);
  if (statusKeeps.includes('metadata')) return current;
  const kept = Object.keys(current).filter((field) => statusKeeps.includes(`metadata.${field}`));
  const changed = Object.entries(sent).filter(([field]) => !statusKeeps.includes(`metadata.${field}`));
  return Object.fromEntries([...changed, ...kept.map((field) => [field, current[field as keyof ObjectMeta]])]);
}

/** `object` with the status of another one, absent where it is absent there. */
function withStatusOf({ status }: Parts, object: Parts): Parts {
  const { status: _replaced, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}
