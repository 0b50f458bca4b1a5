import type { ResourceDescriptor } from '@client-ts/apimachinery';
import { newNotFound } from '@client-ts/apimachinery/errors';
import { everything, parseSelector } from '@client-ts/apimachinery/labels';
import { type CachedObject, type Indexer, metaNamespaceIndex, NamespaceIndex } from '@client-ts/cache';

export interface ListerOptions {
  /** Only objects with these labels, in the syntax of `kubectl -l`. Default: all. */
  readonly labelSelector?: string | undefined;
}

/** Reads from a cache as if it were the server. Objects are shared: do not change them. */
export interface Lister<T> {
  /** @throws RangeError when the selector cannot be parsed. */
  list(options?: ListerOptions): readonly T[];
  /** @throws StatusError (NotFound) when the cache has no such object, as the server would answer. */
  get(name: string): T;
  /** The object, or `undefined`. */
  find(name: string): T | undefined;
}

/** A lister of all namespaces, which `namespace` narrows to one. Its names are keys: `namespace/name`. */
export interface NamespaceableLister<T> extends Lister<T> {
  namespace(namespace: string): Lister<T>;
}

/**
 * A read-only view of an informer's indexer. Of one that was made by hand, without the index `namespace`, all objects are looked
 * through for those of a namespace.
 *
 * @param descriptor - names the resource in errors.
 */
export function newLister<T extends CachedObject>(
  indexer: Indexer<T>,
  descriptor: Pick<ResourceDescriptor, 'group' | 'resource'>,
): NamespaceableLister<T> {
  return {
    ...newView(
      indexer,
      descriptor,
      () => indexer.list(),
      (name) => name,
    ),
    namespace: (namespace) =>
      newView(
        indexer,
        descriptor,
        () => inNamespace(indexer, namespace),
        (name) => `${namespace}/${name}`,
      ),
  };
}

function inNamespace<T extends CachedObject>(indexer: Indexer<T>, namespace: string): readonly T[] {
  try {
    return indexer.byIndex(NamespaceIndex, namespace);
  } catch (error) {
    // What indexers throw that have no such index.
    if (!(error instanceof RangeError)) throw error;
    return indexer.list().filter((object) => metaNamespaceIndex(object)[0] === namespace);
  }
}

function newView<T extends CachedObject>(
  indexer: Indexer<T>,
  resource: { readonly group: string; readonly resource: string },
  all: () => readonly T[],
  keyOf: (name: string) => string,
): Lister<T> {
  const find = (name: string): T | undefined => indexer.getByKey(keyOf(name));
  return {
    find,
    get(name) {
      const object = find(name);
      if (object === undefined) throw newNotFound(resource, name);
      return object;
    },
    list({ labelSelector } = {}) {
      const selector = labelSelector ? parseSelector(labelSelector) : everything();
      if (selector.requirements.length === 0) return all();
      return all().filter((object) => selector.matches(object.metadata?.labels));
    },
  };
}
