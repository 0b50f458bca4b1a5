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
/** Enough text for one chunk. */
const ChunkLength = 256 * 1024;

export interface WatchStreamOptions {
  readonly resource: ServedResource;
  readonly selection: Selection;
  readonly presenter: Presenter;
  readonly collection: Collection<StoredObject>;
  readonly start: WatchStart;
  readonly clock: Clock;
  /** The server ends the watch after this time. */
  readonly timeoutMs: number;
  readonly bookmarks: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called once, when the watch is over. */
  readonly onClose: (stream: WatchStream) => void;
  /** Called whenever the reader has taken everything and waits for more. */
  readonly onIdle: () => void;
}

interface Reader {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(reason: unknown): void;
}

/**
 * The body of one watch. It keeps no events: they are read from the history when the reader asks, so a slow reader costs
 * nothing, and one that is too slow is told that its history has gone.
 */
export class WatchStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly resource: ServedResource;
  readonly #options: WatchStreamOptions;
  readonly #encoder = new TextEncoder();
  readonly #initial: Iterator<string>;
  #initialSent = false;
  /** Lines that follow the initial ones. */
  #pending = '';
  #subscription: Subscription<StoredObject> | undefined;
  readonly #timers: Set<unknown> = new Set<unknown>();
  #first = true;
  /** Nothing is added any more; what is left is still to be sent. */
  #ended = false;
  #closed = false;
  #reader: Reader | undefined;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    this.resource = options.resource;
    this.#initial = this.#initialLines(options.start);
    this.#subscribe(options);
    this.#startTimers(options);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
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
    if (this.#ended) return;
    this.#takeChanges();
    this.#finish(error);
    this.#feed();
  }

  *#initialLines({ initial, initialEnd, after }: WatchStart): Generator<string> {
    for (const stored of initial) yield this.#line('ADDED', stored);
    if (initialEnd) yield bookmarkLine(this.resource, after, true);
    this.#initialSent = true;
  }

  #subscribe({ collection, selection, start }: WatchStreamOptions): void {
    this.#unlessCompacted(() => {
      const { prefix } = selection;
      this.#subscription = collection.subscribe({ prefix, after: start.after, wake: () => this.#feed() });
    });
  }

  #startTimers({ timeoutMs, bookmarks }: WatchStreamOptions): void {
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
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#ended) callback();
    }, ms);
    this.#timers.add(timer);
  }

  #bookmark(): void {
    this.#takeChanges();
    if (!this.#ended) this.#pending += bookmarkLine(this.resource, this.#options.collection.revision, false);
    this.#feed();
  }

  /** Hands the waiting reader what there is. */
  #feed(): void {
    if (!this.#reader) return;
    if (!this.#ended) this.#takeChanges();
    const text = this.#nextText();
    if (text !== '') {
      this.#answer({ done: false, value: this.#encoder.encode(text) });
    } else if (this.#ended) {
      this.#close();
    } else {
      this.#options.onIdle();
    }
  }

  #nextText(): string {
    let text = '';
    while (!this.#initialSent && text.length < ChunkLength) text += this.#initial.next().value ?? '';
    if (!this.#initialSent) return text;
    text += this.#pending;
    this.#pending = '';
    return text;
  }

  #takeChanges(): void {
    this.#unlessCompacted(() => {
      for (const change of this.#subscription?.take() ?? []) {
        const visible = visibleChange(change, this.#options.selection);
        if (visible) this.#pending += this.#line(visible.type, visible.stored);
      }
    });
  }

  #unlessCompacted(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      this.#finish(tooOld(error));
    }
  }

  #finish(error: unknown): void {
    if (error !== undefined) this.#pending += errorLine(error);
    this.#ended = true;
  }

  #line(type: string, stored: StoredObject): string {
    const object = this.#options.presenter.event(this.resource, stored, this.#first);
    this.#first = false;
    return eventLine(type, object);
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
    this.#ended = true;
    this.#initialSent = true;
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
