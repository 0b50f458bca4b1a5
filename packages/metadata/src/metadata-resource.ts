import type { PartialObjectMetadata } from '@client-ts/apimachinery';
import type { ResourceInterface } from '@client-ts/rest';

/**
 * The verbs that need no more of an object than its metadata, answered with no more than that: a `ListerWatcher`, too. They
 * reject as those of a `ResourceInterface` do, and with a `TypeError` when what comes has no metadata; one of many is told to
 * `onUndecodable` instead, where that is given. `delete` resolves with what the server has of the object, which may be all of it.
 */
export interface MetadataResource extends Pick<
  ResourceInterface<PartialObjectMetadata, never>,
  'origin' | 'get' | 'list' | 'listItems' | 'watch' | 'patch' | 'delete' | 'deleteCollection'
> {}
