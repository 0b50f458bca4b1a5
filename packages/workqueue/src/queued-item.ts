/** What is asked of an item when it is added, beyond that it be worked on. */
export interface AddOptions<R = string> {
  /** Higher ones go first, in a {@link PriorityQueue}. Of several the highest counts. Default: 0. */
  readonly priority?: number | undefined;
  /**
   * Why it is added: words, or whatever tells where it comes from, such as the context of a trace. The {@link Work} of an item
   * that failed carries its priority and its reasons on: `queue.addRateLimited(work.item, work)`.
   */
  readonly reasons?: readonly R[] | undefined;
}

/** An item, and what was asked of it since it was handed out last. */
export interface QueuedItem<T = string, R = string> {
  /** The newest that was added under its key; the same item, tried again, is no newer than it was. */
  readonly item: T;
  /** The highest that was asked for. */
  readonly priority: number;
  /** All that were given, each once, the oldest first; at most {@link MaxReasons}. */
  readonly reasons: readonly R[];
}

/** An item that is added again and again while it waits must not grow with it. */
export const MaxReasons = 32;

/** @throws RangeError when the priority is no number. */
export function queuedItem<T, R>(item: T, { priority = 0, reasons = [] }: AddOptions<R> = {}): QueuedItem<T, R> {
  if (Number.isNaN(priority)) throw new RangeError('priority: expected a number, got NaN');
  return { item, priority, reasons: distinct(reasons) };
}

/** Of two that were added under one key, in this order. */
export function mergeItems<T, R>(one: QueuedItem<T, R>, other: QueuedItem<T, R>): QueuedItem<T, R> {
  return {
    item: other.item,
    priority: Math.max(one.priority, other.priority),
    reasons: other.reasons.length === 0 ? one.reasons : distinct([...one.reasons, ...other.reasons]),
  };
}

function distinct<R>(reasons: readonly R[]): readonly R[] {
  return [...new Set(reasons)].slice(0, MaxReasons);
}
