import type { CachedObject } from '@client-ts/cache';

/** What happened to an object of a cache. Objects are shared: do not change them. */
export type Change<T> =
  /** `isInInitialList`: it was there before the controller was. */
  | { readonly type: 'add'; readonly object: T; readonly isInInitialList: boolean }
  /** In a resync both are the same. */
  | { readonly type: 'update'; readonly oldObject: T; readonly object: T }
  /** `object` is the last state that was seen. */
  | { readonly type: 'delete'; readonly object: T };

/** Whether nobody waits for it: it tells of what was there before, or of what has not changed. */
export function isBackground<T extends CachedObject>(change: Change<T>): boolean {
  if (change.type === 'update') return versionOf(change.oldObject) === versionOf(change.object);
  return change.type === 'add' && change.isInInitialList;
}

export function versionOf({ metadata }: CachedObject): string | undefined {
  return metadata?.resourceVersion;
}
