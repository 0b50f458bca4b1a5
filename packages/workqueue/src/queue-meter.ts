import type { Clock } from './clock.js';

/** Measures queues: made by `queueMetrics`, and one may be given to all. */
export interface QueueMeter {
  queue(queue: MeteredQueue): QueueMetrics;
}

export interface MeteredQueue {
  readonly name: string;
  readonly clock: Pick<Clock, 'now'>;
  /** How many items have to be handed out: those that are ready, and those that come again when they are done. */
  depth(): number;
}

/** What is measured of one queue, until it is disposed of. */
export interface QueueMetrics extends Disposable {
  /** The key has to be handed out, and had not before. */
  added(key: unknown): void;
  taken(key: unknown): void;
  done(key: unknown): void;
  /** A delay was asked for. */
  retried(): void;
  /** When it was added. */
  addedAt(key: unknown): number | undefined;
  /** When it was taken. */
  takenAt(key: unknown): number | undefined;
}
