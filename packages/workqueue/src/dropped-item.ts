import type { QueuedItem } from './queued-item.js';

/** Something that a queue which shuts down will not hand out. */
export interface DroppedItem<T = string, R = string> extends QueuedItem<T, R> {
  /**
   * - `delayed`: its time had not come.
   * - `ready`: the queue was disposed of before any worker took it, again perhaps.
   * - `refused`: it was added after the shutdown, such as by a worker that failed, and wanted to try again.
   */
  readonly was: 'delayed' | 'ready' | 'refused';
}
