import type { CachedObject } from './deep-readonly.js';
import type { ResourceEventHandler } from './event-handler.js';
import { metaNamespaceKey } from './key.js';

export interface FilteringHandlerOptions<T> {
  /** Which objects the handler is told of. Asked of each state, so it must look at nothing else. */
  readonly filter: (object: T) => boolean;
  readonly handler: ResourceEventHandler<T>;
}

/**
 * A handler that is told of some objects only. An object that becomes one of them is added for it, one that is no more has gone
 * for it, in the last state in which it was.
 */
export function filteringHandler<T extends CachedObject>({
  filter,
  handler,
}: FilteringHandlerOptions<T>): ResourceEventHandler<T> {
  return {
    onAdd: (object, isInInitialList) => {
      return filter(object) ? handler.onAdd?.(object, isInInitialList) : undefined;
    },
    onUpdate: (oldObject, newObject) => {
      const [before, after] = [filter(oldObject), filter(newObject)];
      if (before && after) return handler.onUpdate?.(oldObject, newObject);
      if (after) return handler.onAdd?.(newObject, false);
      const key = metaNamespaceKey(oldObject);
      return before ? handler.onDelete?.({ finalStateUnknown: false, key, object: oldObject }) : undefined;
    },
    onDelete: (deleted) => {
      // Of one that nobody has seen it is not known whether it was one of them.
      return deleted.object === undefined || filter(deleted.object) ? handler.onDelete?.(deleted) : undefined;
    },
  };
}
