import type { Clock } from '@client-ts/apimachinery';
import { CacheError, type CacheErrorHandler } from './error-handler.js';
import type { Notification, ResourceEventHandler } from './event-handler.js';
import { Gate } from './gate.js';
import { isInitialAdd, type NotificationBatch } from './notification-batch.js';
import { RingBuffer } from './ring-buffer.js';
import { newSlicer, type SliceGroup, type Slicer } from './slicer.js';

/**
 * Hands notifications to one handler, in order. A handler that is slow, or throws, is the trouble of no other; a long row of
 * notifications is handed over in slices, so that the event loop goes on.
 */
export class HandlerListener<T> {
  readonly #handler: ResourceEventHandler<T>;
  readonly #onError: CacheErrorHandler;
  readonly #group: SliceGroup;
  readonly #slicer: Slicer;
  readonly #pending = new RingBuffer<Notification<T> | NotificationBatch<T>>();
  /** What is handed over before the rest of `#pending`, from `#position` on. */
  #batch: NotificationBatch<T> | undefined;
  #position = 0;
  #length = 0;
  readonly #progress = new Gate();
  /** Adds of the initial list that the handler has not been told of. */
  #initialAdds = 0;
  #pumping: Promise<void> | undefined;
  #stopped = false;

  /**
   * @param onError - must not throw.
   * @param group - of those who hand over in the same turns.
   */
  constructor(
    handler: ResourceEventHandler<T>,
    clock: Clock,
    onError: CacheErrorHandler,
    group: SliceGroup = { active: 0 },
  ) {
    this.#handler = handler;
    this.#onError = onError;
    this.#group = group;
    this.#slicer = newSlicer(clock, group);
  }

  /** Whether the handler knows of every object of the initial list that was enqueued so far. */
  get caughtUp(): boolean {
    return this.#initialAdds === 0;
  }

  /** How many notifications wait. */
  get length(): number {
    return this.#length;
  }

  enqueue(notification: Notification<T>): void {
    if (this.#stopped) return;
    if (isInitialAdd(notification)) this.#initialAdds++;
    this.#length++;
    this.#push(notification);
  }

  /** The same as to enqueue one after the other, at the cost of one. */
  enqueueAll(batch: NotificationBatch<T>): void {
    if (this.#stopped || batch.length === 0) return;
    this.#initialAdds += batch.initialAdds;
    this.#length += batch.length;
    this.#push(batch);
  }

  /** Resolves when the handler has caught up, or the listener has stopped. */
  async untilCaughtUp(): Promise<void> {
    while (!this.caughtUp && !this.#stopped) await this.#progress.wait();
  }

  /** Resolves when the handler has been told of everything, or the listener has stopped and the handler has returned. */
  async idle(): Promise<void> {
    await this.#pumping;
  }

  /** The handler is told of nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#pending.clear();
    this.#batch = undefined;
    this.#length = 0;
    this.#progress.open();
  }

  #push(pending: Notification<T> | NotificationBatch<T>): void {
    this.#pending.push(pending);
    this.#pumping ??= this.#pump();
  }

  #next(): Notification<T> | undefined {
    if (!this.#batch) {
      const next = this.#pending.shift();
      if (next === undefined || 'type' in next) {
        if (next) this.#length--;
        return next;
      }
      this.#batch = next;
      this.#position = 0;
    }
    const batch = this.#batch;
    const notification = batch.at(this.#position++);
    if (this.#position === batch.length) this.#batch = undefined;
    this.#length--;
    return notification;
  }

  async #pump(): Promise<void> {
    // Not within enqueue(): whoever changes the store must be done with it before a handler looks.
    this.#group.active++;
    await Promise.resolve();
    for (let next = this.#next(); next; next = this.#next()) {
      this.#notify(next);
      if (this.#slicer.due()) await this.#slicer.yield();
    }
    // In the same turn as the last look at the row: what is enqueued from here on starts anew.
    this.#pumping = undefined;
    this.#group.active--;
  }

  #notify(notification: Notification<T>): void {
    try {
      const returned = this.#call(notification);
      if (returned instanceof Promise) void returned.catch((error: unknown) => this.#report(notification, error));
    } catch (error) {
      this.#report(notification, error);
    } finally {
      // A handler that threw has been told all the same; otherwise it could never catch up.
      if (isInitialAdd(notification) && --this.#initialAdds === 0) this.#progress.open();
    }
  }

  /** Returns what the handler does: nothing by its type, a promise where somebody made it `async`. */
  #call(notification: Notification<T>): unknown {
    switch (notification.type) {
      case 'add':
        return this.#handler.onAdd?.(notification.object, notification.isInInitialList);
      case 'update':
        return this.#handler.onUpdate?.(notification.oldObject, notification.newObject);
      case 'delete':
        return this.#handler.onDelete?.(notification.deleted);
    }
  }

  #report({ type }: Notification<T>, error: unknown): void {
    this.#onError(new CacheError('handler', `the ${type} handler threw`, error));
  }
}
