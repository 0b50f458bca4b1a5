import './dispose-symbols.js';
import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { metaNamespaceKey, Reflector, type ReflectorStore } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';

export interface FollowOptions {
  /** Where the API server is; for instance that of `kubectl proxy`, on the page's own origin. */
  readonly host: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/**
 * Reflector → callback, for a page: `onChange` is told of all ConfigMaps there are, whenever that has changed. No queue, no
 * indexer, and nothing that a browser does not have. Resolves when `signal` has aborted.
 */
export async function followConfigMaps(
  { host, namespace, signal }: FollowOptions,
  onChange: (all: readonly ConfigMap[]) => void,
): Promise<void> {
  const all = new Map<string, ConfigMap>();
  const changing =
    <A extends unknown[]>(change: (...args: A) => void) =>
    (...args: A): void => {
      change(...args);
      onChange([...all.values()]);
    };
  const set = changing((object: ConfigMap) => void all.set(metaNamespaceKey(object), object));
  const store: ReflectorStore<ConfigMap> = {
    add: set,
    update: set,
    delete: changing((object) => void all.delete(metaNamespaceKey(object))),
    replace: changing((objects) => {
      all.clear();
      for (const object of objects) all.set(metaNamespaceKey(object), object);
    }),
    bookmark: () => undefined,
  };
  await new Reflector(new RestClient({ host }).resource(configMaps, namespace), store).run({ signal });
}
