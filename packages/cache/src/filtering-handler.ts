import type { KubernetesObject } from '@client-ts/apimachinery';
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
export function filteringHandler<T extends KubernetesObject>({
  filter,
  handler,
}: FilteringHandlerOptions<T>): ResourceEventHandler<T> {
  return {
    onAdd: (object, isInInitialList) => {
      if (filter(object)) handler.onAdd?.(object, isInInitialList);
    },
    onUpdate: (oldObject, newObject) => {
      const [before, after] = [filter(oldObject), filter(newObject)];
      if (before && after) handler.onUpdate?.(oldObject, newObject);
      else if (after) handler.onAdd?.(newObject, false);
      else if (before)
        handler.onDelete?.({ finalStateUnknown: false, key: metaNamespaceKey(oldObject), object: oldObject });
    },
    onDelete: (deleted) => {
      // Of one that nobody has seen it is not known whether it was one of them.
      if (deleted.object === undefined || filter(deleted.object)) handler.onDelete?.(deleted);
    },
  };
}
