import type { Backlog } from './backlog.js';
import type { Notification } from './event-handler.js';
import { isInitialAdd, type NotificationBatch } from './notification-batch.js';
import { RingBuffer } from './ring-buffer.js';

/** The time is asked once for so many changes; more often would cost more than to keep them. */
const ChangesPerMark = 64;

/** When the change of this number came, and about when those that follow it did. */
interface Mark {
  readonly number: number;
  readonly ms: number;
}

/** A backlog of every change, in order of arrival, however many there are. */
export function allChanges<T>(): Backlog<T> {
  return new AllChanges();
}

class AllChanges<T> implements Backlog<T> {
  readonly #waiting = new RingBuffer<Notification<T> | NotificationBatch<T>>();
  /** What comes before the rest, from `#position` on. */
  #batch: NotificationBatch<T> | undefined;
  #position = 0;
  /** How many have come, and gone. */
  #pushed = 0;
  #shifted = 0;
  #initialAdds = 0;
  /** Of the oldest that waits. */
  #mark: Mark = { number: 0, ms: 0 };
  readonly #marks = new RingBuffer<Mark>();

  get length(): number {
    return this.#pushed - this.#shifted;
  }

  get initialAdds(): number {
    return this.#initialAdds;
  }

  get oldestMs(): number | undefined {
    return this.length === 0 ? undefined : this.#mark.ms;
  }

  push(notification: Notification<T>, now: () => number): void {
    if (isInitialAdd(notification)) this.#initialAdds++;
    if (this.length === 0 || this.#pushed % ChangesPerMark === 0) this.#marks.push({ number: this.#pushed, ms: now() });
    this.#pushed++;
    this.#waiting.push(notification);
    this.#passMarks();
  }

  pushAll(batch: NotificationBatch<T>, now: () => number): void {
    this.#initialAdds += batch.initialAdds;
    this.#marks.push({ number: this.#pushed, ms: now() });
    this.#pushed += batch.length;
    this.#waiting.push(batch);
    this.#passMarks();
  }

  shift(): Notification<T> | undefined {
    const notification = this.#next();
    if (!notification) return undefined;
    this.#shifted++;
    if (isInitialAdd(notification)) this.#initialAdds--;
    this.#passMarks();
    return notification;
  }

  clear(): void {
    this.#waiting.clear();
    this.#batch = undefined;
    this.#shifted = this.#pushed;
    this.#initialAdds = 0;
    this.#passMarks();
  }

  #passMarks(): void {
    for (let next = this.#marks.peek(); next && next.number <= this.#shifted; next = this.#marks.peek())
      this.#mark = this.#marks.shift()!;
  }

  #next(): Notification<T> | undefined {
    if (!this.#batch) {
      const next = this.#waiting.shift();
      if (next === undefined || 'type' in next) return next;
      this.#batch = next;
      this.#position = 0;
    }
    const batch = this.#batch;
    const notification = batch.at(this.#position++);
    if (this.#position === batch.length) this.#batch = undefined;
    return notification;
  }
}
