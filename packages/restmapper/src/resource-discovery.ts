import type { RequestOptions } from '@client-ts/apimachinery';
import { type ApiResources, type GroupDiscoveryFailedError, isGroupDiscoveryFailed } from '@client-ts/discovery';

/** Tells what a server serves: a `DiscoveryClient`, or something that remembers. */
export interface ResourceDiscovery {
  /** Rejects with a `GroupDiscoveryFailedError` that holds the rest when something could not be discovered. */
  groupsAndResources(options?: Pick<RequestOptions, 'signal'>): Promise<ApiResources>;
  /** False when what it gave last may be older than it should be, so that it is of use to invalidate and ask again. */
  fresh?(): boolean;
  /** Forgets what is remembered. */
  invalidate?(): void;
}

/** What was found, and what could not be. */
export interface Discovered {
  readonly found: ApiResources;
  readonly failure: GroupDiscoveryFailedError<ApiResources> | undefined;
}

/** Groups that fail are no reason to do without the others. Rejects when nothing is known at all. */
export async function discover(
  discovery: ResourceDiscovery,
  options?: Pick<RequestOptions, 'signal'>,
): Promise<Discovered> {
  try {
    return { found: await discovery.groupsAndResources(options), failure: undefined };
  } catch (error) {
    if (!isGroupDiscoveryFailed(error)) throw error;
    const failure = error as GroupDiscoveryFailedError<ApiResources>;
    return { found: failure.partial, failure };
  }
}
