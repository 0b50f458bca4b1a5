import { type Clock, type KubernetesObject, sleep } from '@client-ts/apimachinery';
import type { ResourceEventHandler } from '@client-ts/cache';

/** A handler that takes so long for each change. */
export function slowHandler<T extends KubernetesObject>(
  handler: ResourceEventHandler<T>,
  clock: Clock,
  ms: number,
): ResourceEventHandler<T> {
  if (ms === 0) return handler;
  return {
    onAdd(object, isInInitialList) {
      handler.onAdd?.(object, isInInitialList);
      return sleep(clock, ms);
    },
    onUpdate(before, after) {
      handler.onUpdate?.(before, after);
      return sleep(clock, ms);
    },
    onDelete(deleted) {
      handler.onDelete?.(deleted);
      return sleep(clock, ms);
    },
  };
}
