import type { GroupVersion, RequestOptions, Scope } from '@client-ts/apimachinery';
import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';
import type { ServerVersion } from './server-version.js';

export interface PreferredResourcesOptions extends RequestOptions {
  /** Only resources of this scope. Default: all. */
  readonly scope?: Scope | undefined;
}

/** What every discovery client does, whether it asks each time or remembers. */
export interface DiscoveryInterface {
  /** The groups and their versions. Those of which the server knows nothing current are left out. */
  groups(options?: RequestOptions): Promise<readonly ApiGroup[]>;
  /**
   * All groups and resources.
   *
   * Rejects with a `GroupDiscoveryFailedError` that holds the rest when some group versions cannot be discovered.
   */
  groupsAndResources(options?: RequestOptions): Promise<ApiResources>;
  /**
   * For each resource, the version that the server recommends, or the best it has.
   *
   * Rejects as {@link groupsAndResources} does, with preferred resources as `partial`.
   */
  preferredResources(options?: PreferredResourcesOptions): Promise<readonly ApiResource[]>;
  /** The resources of one group version. A server without the core group has none there. */
  resourcesForGroupVersion(groupVersion: GroupVersion, options?: RequestOptions): Promise<readonly ApiResource[]>;
  serverVersion(options?: RequestOptions): Promise<ServerVersion>;
}

/** A discovery client that remembers. */
export interface CachedDiscoveryInterface extends DiscoveryInterface {
  /** Whether looking again is of no use when something is not found: what is remembered was asked for by this client. */
  fresh(): boolean;
  /** From now on, nothing is used that was remembered before. */
  invalidate(): void;
}
