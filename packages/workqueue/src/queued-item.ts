/** What is asked of an item when it is added, beyond that it be worked on. */
export interface AddOptions<R = string> {
  /** Higher ones go first, in a {@link PriorityQueue}. Of several the highest counts. Default: 0. */
  readonly priority?: number | undefined;
  /** Why it is added: a word, or whatever tells where it comes from, such as the context of a trace. */
  readonly reason?: R | undefined;
}

/** An item, and what was asked of it since it was handed out last. */
export interface QueuedItem<T, R = string> {
  /** The newest that was added under its key. */
  readonly item: T;
  /** The highest that was asked for. */
  readonly priority: number;
  /** All that were given, each once, the oldest first; at most {@link MaxReasons}. */
  readonly reasons: readonly R[];
}

/** An item that is added again and again while it waits must not grow with it. */
export const MaxReasons = 32;

/** @throws RangeError when the priority is no number. */
export function queuedItem<T, R>(item: T, { priority = 0, reason }: AddOptions<R> = {}): QueuedItem<T, R> {
  if (Number.isNaN(priority)) throw new RangeError('priority: expected a number, got NaN');
  return { item, priority, reasons: reason === undefined ? [] : [reason] };
}

/** Of two that were added under one key, in this order. */
export function mergeItems<T, R>(one: QueuedItem<T, R>, other: QueuedItem<T, R>): QueuedItem<T, R> {
  const { item } = other;
  const priority = Math.max(one.priority, other.priority);
  if (one.reasons.length === 0 || other.reasons.length === 0)
    return { item, priority, reasons: one.reasons.length === 0 ? other.reasons : one.reasons };
  return { item, priority, reasons: [...new Set([...one.reasons, ...other.reasons])].slice(0, MaxReasons) };
}
