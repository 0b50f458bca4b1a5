import type { JsonPatchOp, KubernetesObject, Patch, RequestOptions } from '@client-ts/apimachinery';
import type { CachedObject } from '@client-ts/cache';
import { isNotFound } from '@client-ts/apimachinery/errors';

/** The part of a client that is needed. */
export interface PatchingClient<T> {
  patch(name: string, patch: Patch, options?: RequestOptions): Promise<T>;
}

export interface FinalizerOptions extends RequestOptions {
  /**
   * What the server has to find as it was read, so that finalizers of others are not lost: the whole object, by its version, or the
   * list of finalizers. With the former a write of anybody to the object is a conflict; with the latter only one to that list, which
   * is refused as invalid. Default: `version`.
   */
  readonly lock?: 'version' | 'list' | undefined;
}

export function hasFinalizer({ metadata }: CachedObject, finalizer: string): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

/**
 * Makes the object wait, when it is deleted, until the finalizer is removed. Resolves with the object as it is then; nothing is
 * written when it has the finalizer.
 *
 * Rejects as the server refuses it: with a conflict when the object has changed since it was read. To try again is up to the next
 * reconcile.
 */
export async function addFinalizer<T extends KubernetesObject>(
  client: PatchingClient<T>,
  object: T,
  finalizer: string,
  options: FinalizerOptions = {},
): Promise<T> {
  if (hasFinalizer(object, finalizer)) return object;
  const { finalizers } = object.metadata ?? {};
  return write(client, object, [...(finalizers ?? []), finalizer], options);
}

/**
 * Lets the object go. Resolves with its last state, or with `undefined` when it has gone already; nothing is written when it does not
 * have the finalizer. Rejects as {@link addFinalizer}.
 */
export async function removeFinalizer<T extends KubernetesObject>(
  client: PatchingClient<T>,
  object: T,
  finalizer: string,
  options: FinalizerOptions = {},
): Promise<T | undefined> {
  if (!hasFinalizer(object, finalizer)) return object;
  const left = object.metadata?.finalizers?.filter((each) => each !== finalizer) ?? [];
  try {
    return await write(client, object, left, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function write<T extends KubernetesObject>(
  client: PatchingClient<T>,
  { metadata }: T,
  finalizers: string[],
  { lock = 'version', ...request }: FinalizerOptions,
): Promise<T> {
  const { name = '', resourceVersion, finalizers: before } = metadata ?? {};
  if (!resourceVersion) throw new TypeError(`${name}: metadata.resourceVersion: expected an object that was read`);
  // Where there is no list, nothing but the version says that there still is none.
  if (lock === 'version' || !before)
    return client.patch(name, { type: 'merge', patch: { metadata: { resourceVersion, finalizers } } }, request);
  const path = '/metadata/finalizers';
  const ops: JsonPatchOp[] = [
    { op: 'test', path, value: before },
    { op: 'replace', path, value: finalizers },
  ];
  return client.patch(name, { type: 'json', ops }, request);
}
