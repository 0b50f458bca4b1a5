import { Closable, type KubernetesObject, type ListerWatcher, type Watch } from '@client-ts/apimachinery';
import {
  type Indexer,
  SharedIndexInformer,
  type SharedIndexInformerOptions,
  splitMetaNamespaceKey,
} from '@client-ts/cache';
import type { ObjectEvent } from './object-event.js';

export interface InformerWatcherOptions<
  T extends KubernetesObject,
  I extends string,
> extends SharedIndexInformerOptions<T, I> {
  /** Ends the watch, whose `next()` rejects with `signal.reason`, and stops the informer. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The changes that an informer sees, as a watch: it begins with what is there, as ADDED, knows no version that could be too
 * old, and ends only when it is closed. client-go's NewIndexerInformerWatcher.
 *
 * Events come in order, none is left out, and those that nobody has asked for yet are kept. A deletion that the informer missed
 * comes as DELETED with the last state that was seen, or with no more than name and namespace where there was none.
 *
 * The informer runs from the beginning until the watch is closed, also when nobody iterates it. Disposing resolves when it has
 * stopped.
 */
export class InformerWatcher<T extends KubernetesObject, I extends string = never> implements Watch<T> {
  readonly #informer: SharedIndexInformer<T, I>;
  readonly #events: Closable<ObjectEvent<T>>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #waiting: ObjectEvent<T>[] = [];
  #wake: (() => void) | undefined;

  constructor(source: ListerWatcher<T>, { signal, ...options }: InformerWatcherOptions<T, I> = {}) {
    this.#informer = new SharedIndexInformer<T, I>(source, options);
    this.#informer.addEventHandler({
      onAdd: (object) => this.#push({ type: 'ADDED', object }),
      onUpdate: (_, object) => this.#push({ type: 'MODIFIED', object }),
      onDelete: ({ key, object = nameOnly(key) as T }) => this.#push({ type: 'DELETED', object }),
    });
    this.#events = new Closable('an InformerWatcher', (inner) => this.#iterate(inner), signal);
    const stop = (): void => this.#stop.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    this.#running = this.#informer
      .run({ signal: this.#stop.signal })
      .finally(() => signal?.removeEventListener('abort', stop));
  }

  /** What is there. Objects are shared: do not change them. */
  get indexer(): Indexer<T, I> {
    return this.#informer.indexer;
  }

  /** Resolves when the indexer holds a full list; rejects with `signal.reason`, or when the watch is closed first. */
  waitForSync(options?: { signal?: AbortSignal | undefined }): Promise<void> {
    return this.#informer.waitForSync(options);
  }

  [Symbol.asyncIterator](): AsyncIterator<ObjectEvent<T>, void, void> {
    return this.#events[Symbol.asyncIterator]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#waiting = [];
    await this.#events[Symbol.asyncDispose]();
    await this.#running;
  }

  #push(event: ObjectEvent<T>): void {
    this.#waiting.push(event);
    this.#wake?.();
  }

  async *#iterate(signal: AbortSignal): AsyncGenerator<ObjectEvent<T>, void, void> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake, { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
        const events = this.#waiting;
        this.#waiting = [];
        for (const event of events) {
          signal.throwIfAborted();
          yield event;
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#stop.abort();
    }
  }
}

/** The object of a deletion of which nobody knows more than the key. */
function nameOnly(key: string): KubernetesObject {
  const { namespace, name } = splitMetaNamespaceKey(key);
  return { metadata: { name, ...(namespace === '' ? {} : { namespace }) } };
}
