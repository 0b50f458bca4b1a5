import type { Clock } from '@client-ts/apimachinery';
import type { Presenter } from '../presenter.js';
import type { ServedResource } from '../resource-registry.js';
import type { Selection } from '../selection.js';
import type { Collection } from '../storage/collection.js';
import { CompactedError } from '../storage/compacted-error.js';
import type { Subscription } from '../storage/subscription.js';
import type { StoredObject } from '../stored-object.js';
import { tooOld } from './requested-revision.js';
import { bookmarkLine, errorLine, eventLine, visibleChange } from './watch-events.js';
import type { WatchStart } from './watch-start.js';

/** How often a watch that allows it hears of the server's version. */
const BookmarkIntervalMs = 60_000;
/** The last bookmark comes this long before the end, so that it arrives. */
const LastBookmarkMs = 2000;

export interface WatchOptions {
  readonly resource: ServedResource;
  readonly selection: Selection;
  readonly presenter: Presenter;
  readonly collection: Collection<StoredObject>;
  readonly start: WatchStart;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly bookmarks: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called once, when the watch is over. */
  readonly onClose: (stream: WatchStream) => void;
  /** Called whenever a reader has taken everything and waits for more. */
  readonly onIdle: () => void;
}

/**
 * The body of one watch. It keeps no events: they are read from the history when the reader asks, so a slow reader costs
 * nothing.
 */
export class WatchStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly resource: ServedResource;
  readonly #options: WatchOptions;
  readonly #encoder = new TextEncoder();
  #subscription: Subscription<StoredObject> | undefined;
  /** Lines to send before anything else. */
  #pending = '';
  #first = true;
  #over = false;
  #closed = false;
  #reader: { resolve(result: IteratorResult<Uint8Array, undefined>): void; reject(reason: unknown): void } | undefined;
  readonly #timers: Set<unknown> = new Set<unknown>();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.resource = options.resource;
    const { start, selection, collection, resource, signal } = options;
    for (const stored of start.initial) this.#add('ADDED', stored);
    if (start.initialEnd) this.#pending += bookmarkLine(resource, start.after, true);
    this.#subscribe(collection, selection, start.after);
    this.#startTimers();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether the reader has taken everything and waits for more. */
  get idle(): boolean {
    return this.#closed || (this.#reader !== undefined && this.#pending === '' && this.#subscription?.idle !== false);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { signal } = this.#options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#feed();
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends the watch after what is left to send, and after an ERROR event where there is an error. */
  end(error?: unknown): void {
    if (this.#over) return;
    this.#takeChanges();
    if (error !== undefined) this.#pending += errorLine(error);
    this.#over = true;
    this.#feed();
  }

  #subscribe(collection: Collection<StoredObject>, { prefix }: Selection, after: number): void {
    try {
      this.#subscription = collection.subscribe({ prefix, after, wake: () => this.#feed() });
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      this.#pending += errorLine(tooOld(error));
      this.#over = true;
    }
  }

  #startTimers(): void {
    const { timeoutMs, bookmarks } = this.#options;
    this.#after(timeoutMs, () => this.end());
    if (!bookmarks) return;
    if (timeoutMs > LastBookmarkMs) this.#after(timeoutMs - LastBookmarkMs, () => this.#bookmark());
    const again = (): void => {
      this.#bookmark();
      this.#after(BookmarkIntervalMs, again);
    };
    this.#after(BookmarkIntervalMs, again);
  }

  #after(ms: number, callback: () => void): void {
    const { clock } = this.#options;
    const timer = clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#over) callback();
    }, ms);
    this.#timers.add(timer);
  }

  #bookmark(): void {
    this.#takeChanges();
    this.#pending += bookmarkLine(this.resource, this.#options.collection.revision, false);
    this.#feed();
  }

  /** Hands the waiting reader what there is. */
  #feed(): void {
    if (!this.#reader) return;
    if (!this.#over) this.#takeChanges();
    if (this.#pending !== '') {
      const value = this.#encoder.encode(this.#pending);
      this.#pending = '';
      this.#answer({ done: false, value });
    } else if (this.#over) {
      this.#close();
      this.#answer({ done: true, value: undefined });
    } else {
      this.#options.onIdle();
    }
  }

  #takeChanges(): void {
    try {
      for (const change of this.#subscription?.take() ?? []) {
        const visible = visibleChange(change, this.#options.selection);
        if (visible) this.#add(visible.type, visible.stored);
      }
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      this.#pending += errorLine(tooOld(error));
      this.#over = true;
    }
  }

  #add(type: string, stored: StoredObject): void {
    const { presenter, resource } = this.#options;
    this.#pending += eventLine(type, presenter.event(resource, stored, this.#first));
    this.#first = false;
  }

  #answer(result: IteratorResult<Uint8Array, undefined>): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(result);
  }

  readonly #onAbort = (): void => {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#close();
    reader?.reject(this.#options.signal?.reason);
  };

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#over = true;
    this.#pending = '';
    const { clock, signal, onClose } = this.#options;
    for (const timer of this.#timers) clock.clearTimeout(timer);
    this.#timers.clear();
    this.#subscription?.[Symbol.dispose]();
    signal?.removeEventListener('abort', this.#onAbort);
    onClose(this);
    this.#answer({ done: true, value: undefined });
  }
}
