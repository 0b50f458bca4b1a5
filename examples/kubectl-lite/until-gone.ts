import type { KubernetesObject, ListerWatcher } from '@client-ts/apimachinery';
import { escapeFieldValue } from '@client-ts/apimachinery/fields';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { MetadataClient } from '@client-ts/metadata';
import { type Condition, UntilTimeoutError, untilWithSync, type UntilWithSyncOptions } from '@client-ts/watch';
import type { Session } from './session.js';
import type { Target } from './targets.js';

/** Resolves when an object is gone, or is another one than that of `uid`; rejects as {@link untilNamed} does. */
export async function untilGone(
  session: Session,
  target: Target,
  { uid, timeoutMs }: { readonly uid?: string | undefined; readonly timeoutMs: number },
): Promise<void> {
  const { mapping, namespace, name } = target;
  const all = new MetadataClient(session.config).resource(mapping);
  const resource = namespace === undefined ? all : all.namespace(namespace);
  const isIt = ({ metadata }: KubernetesObject): boolean => uid === undefined || metadata?.uid === uid;
  try {
    if (!isIt(await resource.get(name))) return;
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  await untilNamed<KubernetesObject>(session, target, resource, ({ type }) => type === 'DELETED', {
    precondition: (indexer) => !indexer.list().some(isIt),
    timeoutMs,
  });
}

/** Waits for one object of a source. Rejects with an Error that names it when that takes too long. */
export async function untilNamed<T extends KubernetesObject>(
  session: Session,
  { mapping, name }: Target,
  source: ListerWatcher<T>,
  condition: Condition<T>,
  { precondition, timeoutMs }: Pick<UntilWithSyncOptions<T, never>, 'precondition'> & { readonly timeoutMs: number },
): Promise<T | undefined> {
  try {
    const event = await untilWithSync<T>(source, condition, {
      tweakListOptions: () => ({ fieldSelector: `metadata.name=${escapeFieldValue(name)}` }),
      precondition,
      // None at all would be for ever.
      timeoutMs: Math.max(1, timeoutMs),
      signal: session.io.signal,
      onError: () => undefined,
    });
    return event?.object;
  } catch (error) {
    if (!(error instanceof UntilTimeoutError)) throw error;
    throw new Error(`timed out waiting for the condition on ${mapping.resource}/${name}`, { cause: error });
  }
}
