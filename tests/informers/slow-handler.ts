import { type Clock, type KubernetesObject, sleep } from '@client-ts/apimachinery';
import type { ResourceEventHandler } from '@client-ts/cache';

/** A handler that takes so long for each change. */
export function slowHandler<T extends KubernetesObject>(
  handler: ResourceEventHandler<T>,
  clock: Clock,
  ms: number,
): ResourceEventHandler<T> {
  if (ms === 0) return handler;
  const slowly =
    <A extends unknown[]>(call: ((...args: A) => unknown) | undefined) =>
    async (...args: A): Promise<void> => {
      call?.apply(handler, args);
      await sleep(clock, ms);
    };
  return {
    onAdd: slowly(handler.onAdd),
    onUpdate: slowly(handler.onUpdate),
    onDelete: slowly(handler.onDelete),
  };
}
