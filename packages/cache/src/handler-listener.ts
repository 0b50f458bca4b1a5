import type { Clock } from '@client-ts/apimachinery';
import { CacheError, type CacheErrorHandler } from './error-handler.js';
import type { Notification, ResourceEventHandler } from './event-handler.js';
import { RingBuffer } from './ring-buffer.js';
import { newSlicer, type Slicer } from './slicer.js';

/**
 * Hands notifications to one handler, in order. A handler that is slow, or throws, is the trouble of no other; a long row of
 * notifications is handed over in slices, so that the event loop goes on.
 */
export class HandlerListener<T> {
  readonly #handler: ResourceEventHandler<T>;
  readonly #onError: CacheErrorHandler;
  readonly #slicer: Slicer;
  readonly #pending = new RingBuffer<Notification<T>>();
  /** Adds of the initial list that the handler has not been told of. */
  #initialAdds = 0;
  #pumping: Promise<void> | undefined;
  #stopped = false;

  constructor(handler: ResourceEventHandler<T>, clock: Clock, onError: CacheErrorHandler) {
    this.#handler = handler;
    this.#onError = onError;
    this.#slicer = newSlicer(clock);
  }

  /** Whether the handler knows of every object of the initial list that was enqueued so far. */
  get caughtUp(): boolean {
    return this.#initialAdds === 0;
  }

  /** How many notifications wait. */
  get length(): number {
    return this.#pending.length;
  }

  enqueue(notification: Notification<T>): void {
    if (this.#stopped) return;
    if (notification.type === 'add' && notification.isInInitialList) this.#initialAdds++;
    this.#pending.push(notification);
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  /** Resolves when the handler has been told of everything, or the listener has stopped. */
  async idle(): Promise<void> {
    await this.#pumping;
  }

  /** The handler is told of nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#pending.clear();
  }

  async #pump(): Promise<void> {
    // Not within enqueue(): whoever changes the store must be done with it before a handler looks.
    await Promise.resolve();
    for (let next = this.#pending.shift(); next && !this.#stopped; next = this.#pending.shift()) {
      this.#notify(next);
      if (this.#slicer.due()) await this.#slicer.yield();
    }
  }

  #notify(notification: Notification<T>): void {
    try {
      switch (notification.type) {
        case 'add':
          this.#handler.onAdd?.(notification.object, notification.isInInitialList);
          break;
        case 'update':
          this.#handler.onUpdate?.(notification.oldObject, notification.newObject);
          break;
        case 'delete':
          this.#handler.onDelete?.(notification.deleted);
          break;
      }
    } catch (error) {
      this.#onError(new CacheError('handler', `the ${notification.type} handler threw`, error));
    } finally {
      // A handler that threw has been told all the same; otherwise it could never catch up.
      if (notification.type === 'add' && notification.isInInitialList) this.#initialAdds--;
    }
  }
}
