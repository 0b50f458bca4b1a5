import type { Clock } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import { applyDeltas } from './apply-deltas.js';
import type { Delta, ReplacedAll } from './delta.js';
import type { Notification } from './event-handler.js';
import { batchOf, type NotificationBatch } from './notification-batch.js';
import type { PoppedQueue } from './queue.js';
import { type CommitReplacement, prepareReplacement } from './replace-all.js';
import { newSlicer, type SliceGroup, type Slicer } from './slicer.js';
import type { WritableIndexer } from './store.js';

/** Who is told of what a {@link DeltaProcessor} does. */
export interface DeltaObserver<T> {
  /** The store has changed. */
  changed(notification: Notification<T>): void;
  /** The store has changed in all of these ways at once. */
  changedAtOnce(notifications: NotificationBatch<T>): void;
  /** The store threw. What it was to take is lost. */
  refused(error: unknown): void;
  /** Something was popped, whatever has come of it. */
  popped(): void;
  /** Nothing is popped before what it returns has resolved. */
  room?(): Promise<void> | undefined;
}

/**
 * Takes changes from a queue into a store, until the queue is closed. A long row of changes is taken in slices, so that the
 * event loop goes on.
 *
 * So is a list, but no reader can tell: what it changes is worked out beside the store, with new indexes, and then swapped in
 * and told to all listeners in one turn. As in client-go, where a list is one atomic change, the store is either as it was or
 * as the list is, and listeners that come in between miss nothing and see nothing twice. It costs the indexes twice for that
 * time; the objects are not copied.
 */
export class DeltaProcessor<T extends CachedObject> {
  readonly #queue: PoppedQueue<T>;
  readonly #indexer: WritableIndexer<T, string>;
  readonly #observer: DeltaObserver<T>;
  readonly #group: SliceGroup;
  readonly #slicer: Slicer;

  constructor(
    queue: PoppedQueue<T>,
    indexer: WritableIndexer<T, string>,
    observer: DeltaObserver<T>,
    clock: Clock,
    group: SliceGroup = { active: 0 },
  ) {
    this.#queue = queue;
    this.#indexer = indexer;
    this.#observer = observer;
    this.#group = group;
    this.#slicer = newSlicer(clock, group);
  }

  /** Resolves when the queue has been closed. */
  async run(): Promise<void> {
    const queue = this.#queue;
    for (;;) {
      await queue.available();
      this.#group.active++;
      while (!queue.closed) {
        const room = this.#observer.room?.();
        if (room) {
          this.#group.active--;
          await room;
          this.#group.active++;
          continue;
        }
        const next = queue.peek?.();
        if (next?.type === 'ReplacedAll') await this.#takeList(next);
        else if (!this.#pop((deltas, isInInitialList) => this.#apply(deltas, isInInitialList))) break;
        if (this.#slicer.due()) await this.#slicer.yield();
      }
      this.#group.active--;
      if (queue.closed) return;
    }
  }

  #pop(process: (deltas: readonly Delta<T>[], isInInitialList: boolean) => void): boolean {
    let popped = true;
    try {
      popped = this.#queue.pop(process);
    } catch (error) {
      this.#observer.refused(error);
    }
    if (popped) this.#observer.popped();
    return popped;
  }

  #apply(deltas: readonly Delta<T>[], isInInitialList: boolean): void {
    applyDeltas(this.#indexer, (notification) => this.#observer.changed(notification), deltas, isInInitialList);
  }

  async #takeList(list: ReplacedAll<T>): Promise<void> {
    const commit = await this.#prepare(list);
    if (!this.#queue.closed) this.#pop(() => this.#observer.changedAtOnce(commit()));
  }

  /** What the store throws is thrown when the list is popped. */
  async #prepare(list: ReplacedAll<T>): Promise<CommitReplacement<T>> {
    try {
      const steps = prepareReplacement(this.#indexer, list, !this.#queue.hasSynced());
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (this.#slicer.due()) await this.#slicer.yield();
        if (this.#queue.closed) return () => batchOf([], 0);
      }
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }
}
