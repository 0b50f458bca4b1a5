import './dispose-symbols.js';
import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { Reflector, UndeltaStore } from '@client-ts/cache';
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
  const source = new RestClient({ host }).resource(configMaps, namespace);
  await new Reflector(source, new UndeltaStore(onChange)).run({ signal });
}
