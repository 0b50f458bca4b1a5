import type { CachedObject } from './deep-readonly.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import type { LeftOut } from './delta.js';
import type { ReflectorStore, Replacement } from './queue.js';

/** Objects of which one has no readable key: it may be any. */
const AnyKey: LeftOut = { size: Infinity, has: () => true };

/** Gathers a list by key, and hands it on in the end. */
export class GatheredReplacement<T extends CachedObject, In extends CachedObject = T> implements Replacement<In> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #leftOut = new Set<ObjectKey>();
  /** Objects that were left out without a key. */
  #unknown = 0;
  readonly #transform: (object: In) => T | undefined;
  readonly #commit: (list: GatheredList<T>, resourceVersion: string) => void;

  /** @param transform - see `QueueOptions.transform`. */
  constructor(
    transform: (object: In) => T | undefined,
    commit: (list: GatheredList<T>, resourceVersion: string) => void,
  ) {
    this.#transform = transform;
    this.#commit = commit;
  }

  get size(): number {
    return this.#objects.size + this.#leftOut.size + this.#unknown;
  }

  add(object: In): void {
    const key = metaNamespaceKey(object);
    const taken = this.#transform(object);
    if (taken === undefined) this.#leftOut.add(key);
    else this.#objects.set(key, taken);
  }

  delete(object: In): void {
    const key = metaNamespaceKey(object);
    this.#objects.delete(key);
    this.#leftOut.delete(key);
  }

  leaveOut(key?: ObjectKey): void {
    if (key === undefined) this.#unknown++;
    else this.#leftOut.add(key);
  }

  commit(resourceVersion: string): void {
    const leftOut = this.#unknown > 0 ? AnyKey : this.#leftOut;
    this.#commit({ objects: this.#objects, leftOut }, resourceVersion);
  }
}

export interface GatheredList<T> {
  readonly objects: Map<ObjectKey, T>;
  readonly leftOut: LeftOut;
}

/** Begins a list; stores that take it in one piece only are given it in the end. */
export function startReplacement<T extends CachedObject>(store: ReflectorStore<T>): Replacement<T> {
  return (
    store.startReplacement?.() ??
    new GatheredReplacement<T>(
      (object) => object,
      ({ objects }, resourceVersion) => store.replace([...objects.values()], resourceVersion),
    )
  );
}
