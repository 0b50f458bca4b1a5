import type { QueuedItem } from './queued-item.js';

/** What a queue holds at one moment: data, and nothing that goes on. */
export interface QueueSnapshot<T = string, R = string> {
  readonly name: string;
  readonly shuttingDown: boolean;
  /** In the order in which it would go out. */
  readonly ready: readonly ReadyItem<T, R>[];
  /** What workers have, the longest first. */
  readonly processing: readonly ProcessingItem<T, R>[];
}

export interface ReadyItem<T = string, R = string> extends QueuedItem<T, R> {
  /** Since it was added. Known where there are metrics. */
  readonly waitingMs?: number;
}

export interface ProcessingItem<T = string, R = string> extends QueuedItem<T, R> {
  /** Since it was handed out. Known where there are metrics. */
  readonly runningMs?: number;
  /** What was asked of it meanwhile: it comes again when it is done. */
  readonly again?: QueuedItem<T, R>;
}

export interface DelayedItem<T = string, R = string> extends QueuedItem<T, R> {
  /** Until it is added. */
  readonly dueInMs: number;
}

/** Of a queue that delays. */
export interface DelayingQueueSnapshot<T = string, R = string> extends QueueSnapshot<T, R> {
  /** What is due first comes first. */
  readonly delayed: readonly DelayedItem<T, R>[];
}
