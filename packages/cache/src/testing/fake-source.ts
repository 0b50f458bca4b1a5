import {
  InitialEventsAnnotation,
  type KubernetesList,
  type KubernetesObject,
  type ListerWatcher,
  type ListOptions,
  type Watch,
  type WatchEvent,
  type WatchOptions,
} from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { metaNamespaceKey, type ObjectKey } from '../key.js';
import { EventStream } from './event-stream.js';

interface Change<T> {
  readonly version: number;
  readonly event: WatchEvent<T>;
}

/**
 * Something to list and watch that is no server: objects with a history of versions, and failures on purpose. For tests of
 * what reads a `ListerWatcher`; the counterpart of client-go's FakeControllerSource.
 */
export class FakeSource<T extends KubernetesObject = KubernetesObject> implements ListerWatcher<T> {
  /** The options of every list and watch so far. */
  readonly lists: ListOptions[] = [];
  readonly watches: WatchOptions[] = [];
  /** Whether `sendInitialEvents` is understood; otherwise it is ignored, as old servers do. Default: true. */
  watchList = true;
  /** Lists get no answer, and watches hear of nothing: what the other end of a dead connection does. Default: false. */
  silent = false;

  readonly #objects = new Map<ObjectKey, T>();
  readonly #history: Change<T>[] = [];
  readonly #open = new Set<EventStream<T>>();
  readonly #listFailures: unknown[] = [];
  readonly #watchFailures: unknown[] = [];
  #version = 1;
  #oldest = 1;

  /** All objects there are, in the order in which they were first added. */
  get objects(): readonly T[] {
    return [...this.#objects.values()];
  }

  get openWatches(): number {
    return this.#open.size;
  }

  /** Adds or changes an object; watchers are told. Returns it as it is now. */
  set(object: T): T {
    const key = metaNamespaceKey(object);
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = this.#versioned(object);
    this.#objects.set(key, stored);
    this.#emit({ type, object: stored });
    return stored;
  }

  /** Takes an object away; watchers are told. */
  delete(key: ObjectKey): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objects.delete(key);
    this.#emit({ type: 'DELETED', object: this.#versioned(object) });
  }

  /** Sends a bookmark of the newest version. */
  bookmark(): void {
    this.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.#version) } } });
  }

  /** Sends an event that says nothing about the objects that there are. */
  send(event: WatchEvent<T>): void {
    if (this.silent) return;
    for (const stream of this.#open) stream.push(event);
  }

  /** The next lists are refused like this, one after the other. */
  failLists(...errors: readonly unknown[]): void {
    this.#listFailures.push(...errors);
  }

  /** The next watches are refused like this, one after the other. */
  failWatches(...errors: readonly unknown[]): void {
    this.#watchFailures.push(...errors);
  }

  /** Ends all open watches: in good order, or with an error. */
  closeWatches(error?: unknown): void {
    for (const stream of this.#open) stream.end(error);
    this.#open.clear();
  }

  /** Forgets all history: watches from the past are refused as Expired. */
  compact(): void {
    this.#oldest = this.#version;
    this.#history.length = 0;
  }

  list(options: ListOptions = {}): Promise<KubernetesList<T>> {
    this.lists.push(options);
    if (this.#listFailures.length > 0) return Promise.reject(this.#listFailures.shift());
    if (options.signal?.aborted) return Promise.reject(options.signal.reason as Error);
    if (this.silent) return untilAborted(options.signal);
    return Promise.resolve({
      metadata: { resourceVersion: String(this.#version) },
      items: [...this.#objects.values()],
    });
  }

  watch(options: WatchOptions = {}): Watch<T> {
    return new EventStream<T>(
      options.signal,
      (stream) => this.#start(stream, options),
      (stream) => this.#open.delete(stream),
    );
  }

  #start(stream: EventStream<T>, options: WatchOptions): void {
    this.watches.push(options);
    if (this.#watchFailures.length > 0) return stream.end(this.#watchFailures.shift());
    if (this.silent) {
      this.#open.add(stream);
      return;
    }
    const from = Number(options.resourceVersion || 0);
    const initial = options.sendInitialEvents === true && this.watchList;
    if (!initial && from !== 0 && from < this.#oldest)
      return stream.end(newResourceExpired(`too old resource version: ${from}`));
    if (initial || from === 0) for (const object of this.#objects.values()) stream.push({ type: 'ADDED', object });
    else for (const { version, event } of this.#history) if (version > from) stream.push(event);
    if (initial) {
      const annotations = { [InitialEventsAnnotation]: 'true' };
      stream.push({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.#version), annotations } } });
    }
    this.#open.add(stream);
  }

  #versioned(object: T): T {
    this.#version++;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #emit(event: WatchEvent<T>): void {
    this.#history.push({ version: this.#version, event });
    this.send(event);
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
