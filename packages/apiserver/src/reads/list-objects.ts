import type { ListMeta } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import { type Cluster, collectionOf } from '../cluster.js';
import type { ListQuery } from '../query.js';
import type { ServedResource } from '../resource-registry.js';
import { type Selection, selectionOf } from '../selection.js';
import { CompactedError } from '../storage/compacted-error.js';
import type { Collection, Entry } from '../storage/collection.js';
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
  const current = collection.revision;
  const { after, at } = startOf(query, current);
  const entries = read(collection, selection, after, at);
  const matching = selection.all ? entries : entries.filter(({ value }) => selection.matches(value.object));
  const revision = at ?? current;
  if (query.limit <= 0 || matching.length <= query.limit) {
    return { metadata: { resourceVersion: String(revision) }, items: matching.map(({ value }) => value) };
  }
  const page = matching.slice(0, query.limit);
  return {
    metadata: {
      resourceVersion: String(revision),
      continue: encodeContinue({ revision, after: page.at(-1)?.key ?? '' }),
      // A real server does not count what a selector leaves out.
      ...(selection.all ? { remainingItemCount: matching.length - page.length } : {}),
    },
    items: page.map(({ value }) => value),
  };
}

interface Start {
  readonly after: string | undefined;
  /** State to show; `undefined` is the current one. */
  readonly at: number | undefined;
}

function startOf(query: ListQuery, current: number): Start {
  if (query.continue !== '') {
    if (query.resourceVersion !== '' && query.resourceVersion !== '0') {
      decodeContinue(query.continue);
      throw newBadRequest('specifying resource version is not allowed when using continue');
    }
    const { revision, after } = decodeContinue(query.continue);
    return { after, at: revision === -1 ? undefined : revision };
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
  { prefix }: Selection,
  after: string | undefined,
  at: number | undefined,
): Entry<StoredObject>[] {
  try {
    return collection.range({ prefix, after, at });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw after === undefined ? expiredVersion() : expiredContinue(after);
  }
}
