import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { type CachedObject, newIndexer } from '@client-ts/cache';
import type { InformerForm } from '@client-ts/informers';
import { LetGo } from './let-go.js';
import { ShardedSource, type ShardedSourceOptions } from './sharded-source.js';
import type { ShardSet } from './shard-set.js';

/**
 * The objects of a resource that are in some shards: `factory.informer(sharded(pods, member))`, or `sharded(compact(pods), member)`.
 * Of others nothing is kept; and where the server knows of shards, nothing is sent.
 *
 * When shards come and go, so do their objects: handlers are told of additions, and of deletions that are none. `member.owns`
 * tells them apart.
 */
export function sharded<T extends CachedObject, In extends KubernetesObject>(
  resource: InformerForm<T, In>,
  set: ShardSet,
  options?: ShardedSourceOptions,
): InformerForm<T, In>;
export function sharded<T extends KubernetesObject, A>(
  resource: ResourceDescriptor<T, A>,
  set: ShardSet,
  options?: ShardedSourceOptions,
): InformerForm<T>;
export function sharded(
  resource: InformerForm<KubernetesObject> | ResourceDescriptor,
  set: ShardSet,
  options?: ShardedSourceOptions,
): InformerForm<KubernetesObject> {
  const form = 'descriptor' in resource ? resource : plain(resource);
  /** An informer is given its source first, and its indexer then. */
  let latest: ShardedSource<KubernetesObject> | undefined;
  return {
    ...form,
    name: `${form.name} sharded`.trim(),
    source: (client, namespace) => (latest = new ShardedSource(form.source(client, namespace), set, options)),
    project: (object) => (object instanceof LetGo ? (object.last as KubernetesObject) : form.project(object)),
    indexer: (indexerOptions) => {
      const { indexer = newIndexer } = form;
      const made = typeof indexer === 'function' ? indexer(indexerOptions) : indexer;
      if (latest) latest.lastOf = (key) => made.getByKey(key);
      return made;
    },
  };
}

function plain(descriptor: ResourceDescriptor): InformerForm<KubernetesObject> {
  return {
    descriptor,
    name: '',
    source: (client, namespace) => client.resource(descriptor, namespace),
    project: (object) => object,
  };
}
