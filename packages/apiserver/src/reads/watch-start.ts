import { type Cluster, collectionOf } from '../cluster.js';
import type { ListQuery } from '../query.js';
import type { ServedResource } from '../resource-registry.js';
import type { Selection } from '../selection.js';
import type { StoredObject } from '../stored-object.js';
import { requireReached, revisionOf, uncoded } from './requested-revision.js';

/** Where a watch begins. */
export interface WatchStart {
  /** Changes after this revision follow. */
  readonly after: number;
  /** What is there, to be sent as ADDED before. */
  readonly initial: readonly StoredObject[];
  /** Whether a bookmark tells the client that it has seen all of `initial`. */
  readonly initialEnd: boolean;
}

/** @throws StatusError for a resource version that is no number or has not been reached. */
export function watchStart(
  cluster: Cluster,
  resource: ServedResource,
  selection: Selection,
  query: ListQuery,
): WatchStart {
  const collection = collectionOf(cluster, resource);
  const wanted = revisionOf(query.resourceVersion, uncoded);
  const { sendInitialEvents } = query;
  // Without an answer to whether it wants them, a client that names no version gets what is there.
  if (sendInitialEvents === true || (sendInitialEvents === undefined && wanted === 0)) {
    requireReached(query.resourceVersion, wanted, collection.revision);
    const initial = collection.range({ prefix: selection.prefix }).map(({ value }) => value);
    return {
      after: collection.revision,
      initial: selection.all ? initial : initial.filter(({ object }) => selection.matches(object)),
      initialEnd: sendInitialEvents === true && query.allowWatchBookmarks,
    };
  }
  return { after: wanted === 0 ? collection.revision : wanted, initial: [], initialEnd: false };
}
