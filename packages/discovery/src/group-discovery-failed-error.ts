import { reasonOf } from '@client-ts/apimachinery';

/**
 * Some group versions could not be discovered, usually because an aggregated API server is down; the rest could, and is
 * part of the error.
 */
export class GroupDiscoveryFailedError<R = unknown> extends Error {
  override readonly name = 'GroupDiscoveryFailedError';
  /** What went wrong, by group version. */
  readonly groups: ReadonlyMap<string, unknown>;
  /** What was found all the same: what the call would have resolved with, without the groups that failed. */
  readonly partial: R;

  constructor(groups: ReadonlyMap<string, unknown>, partial: R) {
    const listed = [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([groupVersion, error]) => `${groupVersion}: ${reasonOf(error)}`);
    super(`unable to retrieve the complete list of server APIs: ${listed.join(', ')}`);
    this.groups = groups;
    this.partial = partial;
  }
}

/** Whether `err` is a `GroupDiscoveryFailedError` of this or another copy of the package. */
export function isGroupDiscoveryFailed(err: unknown): err is GroupDiscoveryFailedError {
  return err instanceof Error && err.name === 'GroupDiscoveryFailedError' && 'partial' in err;
}
