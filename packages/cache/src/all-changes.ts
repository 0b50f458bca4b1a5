import type { Backlog } from './backlog.js';
import type { Notification } from './event-handler.js';
import { isInitialAdd, type NotificationBatch } from './notification-batch.js';
import { RingBuffer } from './ring-buffer.js';

interface Waiting<T> {
  readonly ms: number;
  readonly what: Notification<T> | NotificationBatch<T>;
}

/** A backlog of every change, in order of arrival, however many there are. */
export function allChanges<T>(): Backlog<T> {
  return new AllChanges();
}

class AllChanges<T> implements Backlog<T> {
  readonly #waiting = new RingBuffer<Waiting<T>>();
  /** What comes before the rest, from `#position` on. */
  #batch: NotificationBatch<T> | undefined;
  #batchMs = 0;
  #position = 0;
  #length = 0;
  #initialAdds = 0;

  get length(): number {
    return this.#length;
  }

  get initialAdds(): number {
    return this.#initialAdds;
  }

  get oldestMs(): number | undefined {
    return this.#batch ? this.#batchMs : this.#waiting.peek()?.ms;
  }

  push(notification: Notification<T>, nowMs: number): void {
    if (isInitialAdd(notification)) this.#initialAdds++;
    this.#length++;
    this.#waiting.push({ ms: nowMs, what: notification });
  }

  pushAll(batch: NotificationBatch<T>, nowMs: number): void {
    this.#initialAdds += batch.initialAdds;
    this.#length += batch.length;
    this.#waiting.push({ ms: nowMs, what: batch });
  }

  shift(): Notification<T> | undefined {
    const notification = this.#next();
    if (!notification) return undefined;
    this.#length--;
    if (isInitialAdd(notification)) this.#initialAdds--;
    return notification;
  }

  clear(): void {
    this.#waiting.clear();
    this.#batch = undefined;
    this.#length = 0;
    this.#initialAdds = 0;
  }

  #next(): Notification<T> | undefined {
    if (!this.#batch) {
      const next = this.#waiting.shift();
      if (next === undefined || 'type' in next.what) return next?.what as Notification<T> | undefined;
      this.#batch = next.what;
      this.#batchMs = next.ms;
      this.#position = 0;
    }
    const batch = this.#batch;
    const notification = batch.at(this.#position++);
    if (this.#position === batch.length) this.#batch = undefined;
    return notification;
  }
}
