import type { Clock } from '@client-ts/apimachinery';
import { allChanges } from './all-changes.js';
import type { Backlog } from './backlog.js';
import { CacheError, type CacheErrorHandler } from './error-handler.js';
import type { HandlerBacklog, Notification, ResourceEventHandler } from './event-handler.js';
import { Gate } from './gate.js';
import { isInitialAdd, type NotificationBatch } from './notification-batch.js';
import { newSlicer, type SliceGroup, type Slicer } from './slicer.js';

export interface HandlerListenerOptions<T> {
  /** Of those who hand over in the same turns. */
  readonly group?: SliceGroup | undefined;
  /** Default: `allChanges`. */
  readonly backlog?: Backlog<T> | undefined;
  /** See `HandlerOptions.maxBacklog`. Default: none. */
  readonly maxBacklog?: number | undefined;
  readonly name?: string | undefined;
}

/**
 * Hands notifications to one handler, in order, one at a time. A handler that is slow, or throws, is the trouble of no other; a
 * long row of notifications is handed over in slices, so that the event loop goes on.
 */
export class HandlerListener<T> {
  readonly #handler: ResourceEventHandler<T>;
  readonly #now: () => number;
  readonly #onError: CacheErrorHandler;
  readonly #name: string;
  readonly #group: SliceGroup;
  readonly #slicer: Slicer;
  readonly #backlog: Backlog<T>;
  readonly #maxBacklog: number;
  readonly #progress = new Gate();
  readonly #room = new Gate();
  /** What the handler is told of now is an add of the initial list. */
  #tellingInitialAdd = false;
  /** It was stopped before it had caught up. */
  #cutOff = false;
  #full = false;
  #pumping: Promise<void> | undefined;
  #stopped = false;

  /** @param onError - must not throw. */
  constructor(
    handler: ResourceEventHandler<T>,
    clock: Clock,
    onError: CacheErrorHandler,
    options: HandlerListenerOptions<T> = {},
  ) {
    this.#handler = handler;
    this.#now = () => clock.now();
    this.#onError = onError;
    this.#name = options.name ?? '';
    this.#group = options.group ?? { active: 0 };
    this.#slicer = newSlicer(clock, this.#group);
    this.#backlog = options.backlog ?? allChanges<T>();
    this.#maxBacklog = options.maxBacklog ?? Infinity;
  }

  /** Whether the handler knows of every object of the initial list that was enqueued so far. */
  get caughtUp(): boolean {
    return this.#backlog.initialAdds === 0 && !this.#tellingInitialAdd && !this.#cutOff;
  }

  /** How many notifications wait. */
  get length(): number {
    return this.#backlog.length;
  }

  backlog(): HandlerBacklog {
    const { length, oldestMs } = this.#backlog;
    return { name: this.#name, length, oldestAgeMs: oldestMs === undefined ? 0 : this.#now() - oldestMs };
  }

  enqueue(notification: Notification<T>): void {
    if (this.#stopped) return;
    this.#backlog.push(notification, this.#now);
    this.#enqueued();
  }

  /** The same as to enqueue one after the other, at the cost of one. */
  enqueueAll(batch: NotificationBatch<T>): void {
    if (this.#stopped || batch.length === 0) return;
    this.#backlog.pushAll(batch, this.#now);
    this.#enqueued();
  }

  /**
   * When more waits than may, resolves once no more than half of that waits, or the listener has stopped. `undefined` as long as
   * there is room.
   */
  room(): Promise<void> | undefined {
    return this.#full ? this.#room.wait() : undefined;
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
    this.#cutOff = !this.caughtUp;
    this.#backlog.clear();
    this.#makeRoom();
    this.#progress.open();
  }

  #enqueued(): void {
    if (this.#backlog.length >= this.#maxBacklog) this.#full = true;
    this.#pumping ??= this.#pump();
  }

  #makeRoom(): void {
    this.#full = false;
    this.#room.open();
  }

  async #pump(): Promise<void> {
    // Not within enqueue(): whoever changes the store must be done with it before a handler looks.
    this.#group.active++;
    await Promise.resolve();
    for (let next = this.#backlog.shift(); next; next = this.#backlog.shift()) {
      this.#tellingInitialAdd = isInitialAdd(next);
      const returned = this.#notify(next);
      if (returned) await this.#settled(next, returned);
      this.#tellingInitialAdd = false;
      if (this.caughtUp) this.#progress.open();
      if (this.#full && this.#backlog.length <= this.#maxBacklog / 2) this.#makeRoom();
      if (this.#slicer.due()) await this.#slicer.yield();
    }
    // In the same turn as the last look at the row: what is enqueued from here on starts anew.
    this.#pumping = undefined;
    this.#group.active--;
    // What was to be told may have become nothing.
    this.#progress.open();
  }

  /** What takes its time is no work of this turn. */
  async #settled(notification: Notification<T>, returned: PromiseLike<unknown>): Promise<void> {
    this.#group.active--;
    try {
      await returned;
    } catch (error) {
      this.#report(notification, error);
    }
    this.#group.active++;
  }

  /** Returns a promise where the handler does. */
  #notify(notification: Notification<T>): PromiseLike<unknown> | undefined {
    try {
      const returned = this.#call(notification);
      return isPromiseLike(returned) ? returned : undefined;
    } catch (error) {
      // A handler that threw has been told all the same; otherwise it could never catch up.
      this.#report(notification, error);
      return undefined;
    }
  }

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

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
