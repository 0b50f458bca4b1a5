import type { CachedObject } from './deep-readonly.js';
import { deletedObject } from './deleted-object.js';
import { DeltaFIFOList } from './delta-fifo-list.js';
import type { Delta, ObjectDelta } from './delta.js';
import { Gate } from './gate.js';
import { versionSent } from './has-changed.js';
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
export class DeltaFIFO<T extends CachedObject, In extends CachedObject = T> implements Queue<T, In> {
  readonly #known: DeltaFIFOOptions<T>['knownObjects'];
  readonly #transform: (object: In) => T | undefined;
  readonly #gate = new Gate();
  readonly #items = new Map<ObjectKey, ObjectDelta<T>[]>();
  /** Keys in the order in which they are popped: those before the list, if there is one, and those after it. */
  #keys = new RingBuffer<ObjectKey>();
  #later = new RingBuffer<ObjectKey>();
  /** The last list, as long as not all of it has been popped. What is queued for its objects meanwhile takes their place in it. */
  #list: DeltaFIFOList<T> | undefined;
  /** Keys whose changes wait in the place of the list's object. */
  readonly #inList = new Set<ObjectKey>();
  /** The newest version that is known, once everything before it has been popped. */
  #bookmark: string | undefined;
  /** The newest version that has come. */
  #newest = '';
  #reached = '';
  /** What was the last in line when it came: when it has been popped, so has everything up to this version. */
  #mark: { readonly deltas: readonly ObjectDelta<T>[]; readonly version: string } | undefined;
  /** That of {@link #list}. */
  #listVersion = '';
  #populated = false;
  /** The first list, or what has taken its place, has not been popped. */
  #initial = false;
  #closed = false;

  constructor(options: DeltaFIFOOptions<T, In>) {
    this.#known = options.knownObjects;
    // Without a transform there is one type.
    this.#transform = options.transform ?? ((object) => object as unknown as T);
  }

  get length(): number {
    const list = this.#list?.length ?? 0;
    return this.#keys.length + list + this.#later.length + (this.#bookmark === undefined ? 0 : 1);
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

  /** An object that neither the queue nor its reader knows is not worth a deletion. */
  delete(object: In): void {
    this.#delete(metaNamespaceKey(object), () => this.#transform(object), versionSent(object));
  }

  deleteKey(key: ObjectKey): void {
    this.#delete(key, () => undefined, undefined);
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
    this.#newest = resourceVersion;
    this.#gate.open();
  }

  /** Objects that have changes waiting will be handled anyway, and so will those that the list does not have. */
  resync(): void {
    for (const key of this.#known.listKeys()) {
      const object = this.#known.getByKey(key);
      if (object !== undefined && !this.#isWaiting(key) && !this.#list?.lacks(key))
        this.#push({ type: 'Sync', key, object }, undefined);
    }
  }

  pop(process: ProcessDeltas<T>): boolean {
    const deltas = this.#next();
    if (deltas === undefined) return this.#popBookmark(process);
    const isInInitialList = !this.hasSynced();
    try {
      process(deltas, isInInitialList);
    } finally {
      if (deltas === this.#mark?.deltas) this.#reach(this.#mark.version);
      this.#leaveList();
      if (this.length === 0) this.#reach(this.#newest);
    }
    return true;
  }

  available(): Promise<void> {
    return this.length > 0 || this.#closed ? Promise.resolve() : this.#gate.wait();
  }

  hasSynced(): boolean {
    return this.#populated && !this.#initial;
  }

  close(): void {
    this.#closed = true;
    this.#gate.open();
  }

  /** Costs what is queued, and not what is listed. */
  #replace(list: GatheredList<T>, resourceVersion: string): void {
    if (this.#closed) return;
    // What the last list had to say, and nobody has popped, is said by this one.
    for (const key of this.#inList) this.#keys.push(key);
    this.#inList.clear();
    for (const key of this.#later) this.#keys.push(key);
    this.#later.clear();
    for (const [key, deltas] of this.#items) {
      const object = list.objects.get(key);
      const last = deltas.at(-1);
      if (object !== undefined) this.#append(deltas, { type: 'Replaced', key, object });
      else if (last && last.type !== 'Deleted' && !list.leftOut.has(key))
        this.#append(deltas, { type: 'Deleted', key, deleted: { finalStateUnknown: true, key, object: last.object } });
    }
    this.#list = new DeltaFIFOList(list, this.#known.listKeys(), new Set(this.#items.keys()));
    this.#listVersion = resourceVersion;
    // What it stands behind may be the list before, which is not popped any more.
    this.#mark = undefined;
    this.#initial ||= !this.#populated;
    this.#populated = true;
    this.#leaveList();
    this.bookmark(resourceVersion);
  }

  /** What is popped next, but for bookmarks. */
  #next(): readonly Delta<T>[] | undefined {
    const key = this.#keys.shift() ?? this.#nextListed() ?? this.#later.shift();
    return typeof key === 'string' ? this.#takeItems(key) : key;
  }

  #nextListed(): readonly Delta<T>[] | undefined {
    for (let next = this.#list?.next(); next; next = this.#list?.next()) {
      const { key } = next;
      if ('object' in next) {
        if (this.#inList.delete(key)) return this.#takeItems(key);
        return [{ type: 'Replaced', key, object: next.object }];
      }
      const object = this.#known.getByKey(key);
      // One that was seen to be deleted comes later, with what is known about its end.
      if (object === undefined || this.#items.get(key)?.[0]?.type === 'Deleted') continue;
      return [{ type: 'Deleted', key, deleted: { finalStateUnknown: true, key, object } }];
    }
    return undefined;
  }

  #takeItems(key: ObjectKey): readonly Delta<T>[] {
    const deltas = this.#items.get(key) ?? [];
    this.#items.delete(key);
    return deltas;
  }

  /** When all of the list has been popped, there is none. */
  #leaveList(): void {
    if (!this.#list || this.#keys.length > 0 || this.#list.length > 0) return;
    this.#list = undefined;
    this.#initial = false;
    this.#reached = this.#listVersion;
    [this.#keys, this.#later] = [this.#later, this.#keys];
  }

  #reach(version: string): void {
    this.#reached = version;
    this.#mark = undefined;
  }

  #isWaiting(key: ObjectKey): boolean {
    return this.#items.has(key) || this.#list?.waiting(key) !== undefined;
  }

  #popBookmark(process: ProcessDeltas<T>): boolean {
    if (this.#bookmark === undefined) return false;
    const resourceVersion = this.#bookmark;
    this.#bookmark = undefined;
    // Changes that came after it may have been popped before.
    this.#reach(this.#newest);
    process([{ type: 'Bookmark', resourceVersion }], false);
    return true;
  }

  #pushObject(type: 'Added' | 'Updated', object: In): void {
    const key = metaNamespaceKey(object);
    const taken = this.#transform(object);
    this.#populated = true;
    const version = versionSent(object);
    if (taken !== undefined) this.#push({ type, key, object: taken }, version);
    else if (version !== undefined) this.bookmark(version);
  }

  #delete(key: ObjectKey, lastState: () => T | undefined, version: string | undefined): void {
    const worthIt = this.#isWaiting(key) || this.#known.getByKey(key) !== undefined;
    const deleted = worthIt ? deletedObject(key, lastState()) : undefined;
    this.#populated = true;
    if (deleted) this.#push({ type: 'Deleted', key, deleted }, version);
    else if (version !== undefined) this.bookmark(version);
  }

  #push(delta: ObjectDelta<T>, version: string | undefined): void {
    if (this.#closed) return;
    this.#newest = version ?? this.#newest;
    const { key } = delta;
    const deltas = this.#items.get(key);
    if (deltas) this.#append(deltas, delta);
    else this.#begin(key, delta, version);
    this.#gate.open();
  }

  #begin(key: ObjectKey, delta: ObjectDelta<T>, version: string | undefined): void {
    const listed = this.#list?.waiting(key);
    if (listed !== undefined) {
      this.#items.set(key, [{ type: 'Replaced', key, object: listed }, delta]);
      this.#inList.add(key);
    } else {
      const deltas = [delta];
      this.#items.set(key, deltas);
      (this.#list ? this.#later : this.#keys).push(key);
      if (version !== undefined) this.#mark ??= { deltas, version };
    }
  }

  /** Of two deletions in a row the one that knows the final state is kept. */
  #append(deltas: ObjectDelta<T>[], delta: ObjectDelta<T>): void {
    const last = deltas.at(-1);
    if (last?.type !== 'Deleted' || delta.type !== 'Deleted') deltas.push(delta);
    else if (last.deleted.finalStateUnknown) deltas[deltas.length - 1] = delta;
  }
}
