import type { ListMeta } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import { type Cluster, collectionOf } from '../cluster.js';
import type { ListQuery } from '../query.js';
import type { ServedResource } from '../resource-registry.js';
import { type Selection, selectionOf } from '../selection.js';
import type { Entry } from '../storage/change.js';
import type { Collection } from '../storage/collection.js';
import { CompactedError } from '../storage/compacted-error.js';
import type { StoredObject } from '../stored-object.js';
import { decodeContinue, encodeContinue, expiredContinue, expiredVersion } from './continue-token.js';
import { requireReached, revisionOf } from './requested-revision.js';

export interface Listed {
  readonly metadata: ListMeta;
  readonly items: readonly StoredObject[];
}

/**
 * A page of the objects of a resource, in the order of their namespaces and names. All pages of one list show the same
 * state.
 *
 * @throws StatusError as a real server answers.
 */
export function listObjects(cluster: Cluster, resource: ServedResource, namespace: string, query: ListQuery): Listed {
  const selection = selectionOf(resource, namespace, query);
  const collection = collectionOf(cluster, resource);
  const start = startOf(query, collection.revision);
  const entries = read(collection, selection, start);
  const revision = start.at ?? collection.revision;
  // What may be of any age comes from a cache, which knows no pages.
  const limit = query.resourceVersion === '0' ? 0 : query.limit;
  const page = firstMatching(entries, selection, limit > 0 ? limit : Infinity);
  const last = page.at(-1);
  const left = limit > 0 && last ? entries.length - 1 - entries.indexOf(last) : 0;
  const items = page.map(({ value }) => value);
  if (!last || left === 0) return { metadata: { resourceVersion: String(revision) }, items };
  return {
    metadata: {
      resourceVersion: String(revision),
      continue: encodeContinue({ revision, after: last.key.slice(selection.prefix.length) }),
      // How many of those that are left match a selector is not known yet: the next page may be empty.
      ...(selection.all ? { remainingItemCount: left } : {}),
    },
    items,
  };
}

function firstMatching(
  entries: readonly Entry<StoredObject>[],
  selection: Selection,
  limit: number,
): readonly Entry<StoredObject>[] {
  if (selection.all) return limit < entries.length ? entries.slice(0, limit) : entries;
  const page: Entry<StoredObject>[] = [];
  for (const entry of entries) {
    if (!selection.matches(entry.value.object)) continue;
    page.push(entry);
    if (page.length === limit) break;
  }
  return page;
}

interface Start {
  /** Only keys after this one, without the prefix of the list. */
  readonly after: string | undefined;
  /** State to show; `undefined` is the current one. */
  readonly at: number | undefined;
}

function startOf(query: ListQuery, current: number): Start {
  if (query.continue !== '') {
    const { revision, after } = decodeContinue(query.continue);
    if (query.resourceVersion !== '' && query.resourceVersion !== '0') {
      throw newBadRequest('specifying resource version is not allowed when using continue');
    }
    requireReached(String(revision), revision ?? 0, current);
    return { after, at: revision };
  }
  const revision = revisionOf(query.resourceVersion, (problem) =>
    newBadRequest(`invalid resource version: ${problem}`),
  );
  requireReached(query.resourceVersion, revision, current);
  // With a limit and no rule for matching, a version means exactly that state.
  const exact = query.resourceVersionMatch === 'Exact' || (query.resourceVersionMatch === '' && query.limit > 0);
  return { after: undefined, at: exact && revision > 0 ? revision : undefined };
}

function read(
  collection: Collection<StoredObject>,
  { prefix, key }: Selection,
  { after, at }: Start,
): Entry<StoredObject>[] {
  try {
    if (key !== undefined && after === undefined) {
      const entry = collection.get(key, at);
      return entry ? [entry] : [];
    }
    return collection.range({ prefix, after: after === undefined ? undefined : prefix + after, at });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw after === undefined ? expiredVersion() : expiredContinue(after);
  }
}
