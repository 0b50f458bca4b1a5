import type { CachedObject } from './deep-readonly.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import type { ReflectorStore, Replacement } from './queue.js';
import { GatheredReplacement } from './replacement.js';
import type { Store } from './store.js';

/**
 * The smallest store that a `Reflector` can keep: tells of all objects there are, after each change. For few objects, such as
 * those of a page: each change costs a look at all of them.
 */
export class UndeltaStore<T extends CachedObject> implements ReflectorStore<T>, Store<T> {
  readonly #push: (objects: readonly T[]) => void;
  readonly #objects = new Map<ObjectKey, T>();

  /** @param push - told of all objects, in the order in which they came. */
  constructor(push: (objects: readonly T[]) => void) {
    this.#push = push;
  }

  add(object: T): void {
    this.#objects.set(metaNamespaceKey(object), object);
    this.#push(this.list());
  }

  update(object: T): void {
    this.add(object);
  }

  delete(object: T): void {
    this.#objects.delete(metaNamespaceKey(object));
    this.#push(this.list());
  }

  replace(objects: readonly T[], resourceVersion = ''): void {
    const replacement = this.startReplacement();
    for (const object of objects) replacement.add(object);
    replacement.commit(resourceVersion);
  }

  startReplacement(): Replacement<T> {
    return new GatheredReplacement(
      (object: T) => object,
      ({ objects, leftOut }) => {
        for (const key of this.#objects.keys()) if (!leftOut.has(key)) this.#objects.delete(key);
        for (const [key, object] of objects) this.#objects.set(key, object);
        this.#push(this.list());
      },
    );
  }

  /** Changes nothing, and so is told to nobody. */
  bookmark(): void {}

  getByKey(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  listKeys(): readonly ObjectKey[] {
    return [...this.#objects.keys()];
  }

  get size(): number {
    return this.#objects.size;
  }
}
