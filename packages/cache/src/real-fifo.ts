import type { CachedObject } from './deep-readonly.js';
import { deletedObject } from './deleted-object.js';
import type { Delta } from './delta.js';
import { Gate } from './gate.js';
import { versionSent } from './has-changed.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import type { ProcessDeltas, Queue, QueueOptions, Replacement } from './queue.js';
import { GatheredReplacement } from './replacement.js';
import { RingBuffer } from './ring-buffer.js';

/**
 * Changes in strict order of arrival, none left out; a list is one change. What client-go's informers run on since 1.36.
 */
export class RealFIFO<T extends CachedObject, In extends CachedObject = T> implements Queue<T, In> {
  readonly #deltas = new RingBuffer<Delta<T>>();
  /** As of which version each of them is, where that is known. */
  readonly #versions = new RingBuffer<string | undefined>();
  #reached = '';
  readonly #gate = new Gate();
  readonly #transform: (object: In) => T | undefined;
  #populated = false;
  /** Changes of the first list that are still to be popped. */
  #initial = 0;
  #closed = false;

  constructor(options: QueueOptions<T, In> = {}) {
    // Without a transform there is one type.
    this.#transform = options.transform ?? ((object) => object as unknown as T);
  }

  get length(): number {
    return this.#deltas.length;
  }

  get reached(): string {
    return this.#reached;
  }

  get closed(): boolean {
    return this.#closed;
  }

  add(object: In): void {
    this.#pushObject('Added', object);
  }

  update(object: In): void {
    this.#pushObject('Updated', object);
  }

  delete(object: In): void {
    const key = metaNamespaceKey(object);
    this.#pushDeletion(key, this.#transform(object), versionSent(object));
  }

  deleteKey(key: ObjectKey): void {
    this.#pushDeletion(key, undefined, undefined);
  }

  replace(list: readonly In[], resourceVersion: string): void {
    const replacement = this.startReplacement();
    for (const object of list) replacement.add(object);
    replacement.commit(resourceVersion);
  }

  startReplacement(): Replacement<In> {
    return new GatheredReplacement(this.#transform, (list, resourceVersion) => {
      this.#push({ type: 'ReplacedAll', ...list, resourceVersion }, resourceVersion);
      if (!this.#populated) {
        this.#populated = true;
        this.#initial = this.#deltas.length;
      }
    });
  }

  bookmark(resourceVersion: string): void {
    this.#push({ type: 'Bookmark', resourceVersion }, resourceVersion);
  }

  resync(): void {
    this.#push({ type: 'SyncAll' }, undefined);
  }

  peek(): Delta<T> | undefined {
    return this.#deltas.peek();
  }

  pop(process: ProcessDeltas<T>): boolean {
    const delta = this.#deltas.shift();
    if (delta === undefined) return false;
    const isInInitialList = !this.hasSynced();
    try {
      process([delta], isInInitialList);
    } finally {
      if (this.#initial > 0) this.#initial--;
      this.#reached = this.#versions.shift() ?? this.#reached;
    }
    return true;
  }

  available(): Promise<void> {
    return this.length > 0 || this.#closed ? Promise.resolve() : this.#gate.wait();
  }

  hasSynced(): boolean {
    return this.#populated && this.#initial === 0;
  }

  close(): void {
    this.#closed = true;
    this.#gate.open();
  }

  #pushObject(type: 'Added' | 'Updated', object: In): void {
    const key = metaNamespaceKey(object);
    const taken = this.#transform(object);
    this.#populated = true;
    const version = versionSent(object);
    if (taken !== undefined) this.#push({ type, key, object: taken }, version);
    else if (version !== undefined) this.bookmark(version);
  }

  #pushDeletion(key: ObjectKey, object: T | undefined, version: string | undefined): void {
    this.#populated = true;
    this.#push({ type: 'Deleted', key, deleted: deletedObject(key, object) }, version);
  }

  #push(delta: Delta<T>, version: string | undefined): void {
    if (this.#closed) return;
    this.#deltas.push(delta);
    this.#versions.push(version);
    this.#gate.open();
  }
}
