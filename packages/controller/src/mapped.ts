import type { CachedObject } from '@client-ts/cache';
import { InformerSource, type InformerSourceOptions, type WatchedResource } from './informer-source.js';
import type { ObjectRef } from './object-ref.js';
import type { Source } from './source.js';

/**
 * A change of these objects is work on those that `map` names, for the state before and the one after. It must be quick, and read
 * from caches. One that throws is reported, and told of the next change all the same.
 */
export function mapped<T extends CachedObject>(
  resource: WatchedResource<T>,
  map: (object: T) => Iterable<ObjectRef>,
  options: InformerSourceOptions<T> = {},
): Source {
  return new InformerSource(resource, map, options);
}
