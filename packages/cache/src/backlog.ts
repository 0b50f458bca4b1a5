import type { CachedObject } from './deep-readonly.js';
import type { Notification } from './event-handler.js';
import type { NotificationBatch } from './notification-batch.js';

/** What a handler has not been told of. */
export interface Backlog<T> {
  /** How many notifications wait. */
  readonly length: number;
  /** How many of them are adds of the initial list. */
  readonly initialAdds: number;
  /** When the oldest came, or a little earlier; `undefined` when none waits. */
  readonly oldestMs: number | undefined;
  /** @param now - tells the time, in milliseconds. */
  push(notification: Notification<T>, now: () => number): void;
  /** The same as to push one after the other, at the cost of one where that is possible. */
  pushAll(batch: NotificationBatch<T>, now: () => number): void;
  /** Takes the next one. */
  shift(): Notification<T> | undefined;
  clear(): void;
}

/** Makes the backlog of one handler: `allChanges`, the default, or `latestStates`. */
export type NewBacklog = <T extends CachedObject>() => Backlog<T>;
