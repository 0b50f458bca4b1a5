import type { KubernetesObject } from '@client-ts/apimachinery';
import { deletedObject } from './deleted-object.js';
import type { Delta, ObjectDelta } from './delta.js';
import { Gate } from './gate.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import type { ProcessDeltas, Queue, QueueOptions, Replacement } from './queue.js';
import { type GatheredList, GatheredReplacement } from './replacement.js';
import { RingBuffer } from './ring-buffer.js';
import type { Store } from './store.js';

export interface DeltaFIFOOptions<T, In = T> extends QueueOptions<T, In> {
  /** What the reader of the queue holds: tells which objects a list has left out. */
  readonly knownObjects: Pick<Store<T>, 'getByKey' | 'listKeys'>;
}

/**
 * Changes gathered per object: an object that changes many times before it is popped is popped once, with all of them. Two
 * deletions in a row become one.
 */
export class DeltaFIFO<T extends KubernetesObject, In extends KubernetesObject = T> implements Queue<T, In> {
  readonly #known: DeltaFIFOOptions<T>['knownObjects'];
  readonly #transform: (object: In) => T | undefined;
  readonly #gate = new Gate();
  readonly #items = new Map<ObjectKey, ObjectDelta<T>[]>();
  /** Keys in the order in which they are popped. */
  readonly #keys = new RingBuffer<ObjectKey>();
  /** The newest version that is known, once everything before it has been popped. */
  #bookmark: string | undefined;
  #populated = false;
  #initial = 0;
  #closed = false;

  constructor(options: DeltaFIFOOptions<T, In>) {
    this.#known = options.knownObjects;
    // Without a transform there is one type.
    this.#transform = options.transform ?? ((object) => object as unknown as T);
  }

  get length(): number {
    return this.#keys.length + (this.#bookmark === undefined ? 0 : 1);
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

  /** An object that neither the queue nor its reader knows is not worth a deletion. */
  delete(object: In): void {
    const key = metaNamespaceKey(object);
    const worthIt = this.#items.has(key) || this.#known.getByKey(key) !== undefined;
    const deleted = worthIt ? deletedObject(key, this.#transform(object)) : undefined;
    this.#populated = true;
    if (deleted) this.#push({ type: 'Deleted', key, deleted });
  }

  replace(list: readonly In[], resourceVersion: string): void {
    const replacement = this.startReplacement();
    for (const object of list) replacement.add(object);
    replacement.commit(resourceVersion);
  }

  startReplacement(): Replacement<In> {
    return new GatheredReplacement(this.#transform, (list, resourceVersion) => this.#replace(list, resourceVersion));
  }

  bookmark(resourceVersion: string): void {
    if (this.#closed) return;
    this.#bookmark = resourceVersion;
    this.#gate.open();
  }

  /** Objects that have changes waiting will be handled anyway. */
  resync(): void {
    for (const key of this.#known.listKeys()) {
      const object = this.#known.getByKey(key);
      if (object !== undefined && !this.#items.has(key)) this.#push({ type: 'Sync', key, object });
    }
  }

  pop(process: ProcessDeltas<T>): boolean {
    const key = this.#keys.shift();
    if (key === undefined) return this.#popBookmark(process);
    const isInInitialList = !this.hasSynced();
    const deltas: readonly Delta<T>[] = this.#items.get(key) ?? [];
    this.#items.delete(key);
    try {
      process(deltas, isInInitialList);
    } finally {
      if (this.#initial > 0) this.#initial--;
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

  #replace({ objects, leftOut }: GatheredList<T>, resourceVersion: string): void {
    for (const [key, object] of objects) this.#push({ type: 'Replaced', key, object });
    const known = new Set([...this.#items.keys(), ...this.#known.listKeys()]);
    for (const key of known) {
      if (objects.has(key) || leftOut.has(key)) continue;
      const queued = this.#items.get(key)?.at(-1);
      if (queued?.type === 'Deleted') continue;
      const object = queued?.object ?? this.#known.getByKey(key);
      this.#push({ type: 'Deleted', key, deleted: { finalStateUnknown: true, key, object } });
    }
    if (!this.#populated) {
      this.#populated = true;
      this.#initial = this.#keys.length;
    }
    this.bookmark(resourceVersion);
  }

  #popBookmark(process: ProcessDeltas<T>): boolean {
    if (this.#bookmark === undefined) return false;
    const resourceVersion = this.#bookmark;
    this.#bookmark = undefined;
    process([{ type: 'Bookmark', resourceVersion }], false);
    return true;
  }

  #pushObject(type: 'Added' | 'Updated', object: In): void {
    const key = metaNamespaceKey(object);
    const taken = this.#transform(object);
    this.#populated = true;
    if (taken !== undefined) this.#push({ type, key, object: taken });
  }

  #push(delta: ObjectDelta<T>): void {
    if (this.#closed) return;
    const deltas = this.#items.get(delta.key);
    if (!deltas) {
      this.#items.set(delta.key, [delta]);
      this.#keys.push(delta.key);
    } else {
      this.#append(deltas, delta);
    }
    this.#gate.open();
  }

  /** Of two deletions in a row the one that knows the final state is kept. */
  #append(deltas: ObjectDelta<T>[], delta: ObjectDelta<T>): void {
    const last = deltas.at(-1);
    if (last?.type !== 'Deleted' || delta.type !== 'Deleted') deltas.push(delta);
    else if (last.deleted.finalStateUnknown) deltas[deltas.length - 1] = delta;
  }
}
