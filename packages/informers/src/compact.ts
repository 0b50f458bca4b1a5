import type { EncodedObject, KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { type CompactObject, compactObject, newCompactIndexer } from '@client-ts/cache';
import { encodedObjects } from '@client-ts/rest';
import type { InformerForm } from './informer-form.js';

/**
 * A resource whose objects are kept as the bytes that came, outside the heap: `factory.informer(compact(pods))`. Handlers,
 * index functions and readers are given objects with their metadata, and decode the rest by `object()`; see
 * `newCompactIndexer` for what that saves, and what it costs.
 */
export function compact<T extends KubernetesObject, A>(
  descriptor: ResourceDescriptor<T, A>,
): InformerForm<CompactObject<T>, EncodedObject<T>> {
  return {
    descriptor,
    name: 'compact',
    source: (client, namespace) => encodedObjects(client, descriptor, namespace),
    project: compactObject,
    indexer: newCompactIndexer,
    // What is decoded is not what is kept, and managed fields are never kept.
    refuses: ['transform', 'keepManagedFields'],
  };
}
