import { newNotFound } from '@client-ts/apimachinery/errors';
import { escapeFieldValue } from '@client-ts/apimachinery/fields';
import type { ApiResponse } from '../api-request.js';
import { type Call, objectResponse } from '../call.js';
import { collectionOf, keyOf } from '../cluster.js';
import { type ListQuery, listQuery } from '../query.js';
import { listObjects } from '../reads/list-objects.js';
import { requireReached, revisionOf, uncoded } from '../reads/requested-revision.js';
import { watchStart } from '../reads/watch-start.js';
import { WatchStream } from '../reads/watch-stream.js';
import type { ResourcePath } from '../resource-path.js';
import { selectionOf } from '../selection.js';
import type { StoredObject } from '../stored-object.js';

/** A watch without `timeoutSeconds` lasts this long, and up to twice as long: many watches then end at many times. */
const MinWatchMs = 30 * 60_000;

/** The object that a path names. @throws StatusError 404 */
export function namedObject({ cluster, path, resource }: Call): StoredObject {
  const stored = collectionOf(cluster, resource).get(keyOf(resource, path.namespace, path.name))?.value;
  if (!stored) throw newNotFound(resource, path.name);
  return stored;
}

export function get(call: Call): ApiResponse {
  const version = call.request.url.searchParams.get('resourceVersion') ?? '';
  requireReached(version, revisionOf(version, uncoded), call.cluster.store.revision);
  return objectResponse(call, 200, namedObject(call));
}

export function list({ cluster, request, path, resource, presenter }: Call): ApiResponse {
  const query = listQuery(request.url.searchParams, false);
  const listed = listObjects(cluster, resource, path.namespace, query);
  return { status: 200, headers: { 'content-type': presenter.contentType }, body: presenter.list(resource, listed) };
}

/** The old form of a watch names a single object in the path. */
function named({ name }: ResourcePath, query: ListQuery): ListQuery {
  if (name === '') return query;
  const only = `metadata.name=${escapeFieldValue(name)}`;
  return { ...query, fieldSelector: query.fieldSelector === '' ? only : `${query.fieldSelector},${only}` };
}

export function watch({ cluster, watches, request, path, resource, presenter }: Call): ApiResponse {
  const query = listQuery(request.url.searchParams, true);
  const selection = selectionOf(resource, path.namespace, named(path, query));
  const body = new WatchStream({
    resource,
    selection,
    presenter,
    collection: collectionOf(cluster, resource),
    start: watchStart(cluster, resource, selection, query),
    clock: cluster.clock,
    timeoutMs: query.timeoutSeconds ? query.timeoutSeconds * 1000 : MinWatchMs * (1 + cluster.clock.random()),
    bookmarks: query.allowWatchBookmarks,
    signal: request.signal,
    onClose: (stream) => watches.delete(stream),
    onIdle: watches.changed,
  });
  watches.add(body);
  return { status: 200, headers: { 'content-type': presenter.contentType }, body };
}
