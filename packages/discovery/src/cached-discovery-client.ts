import {
  formatGroupVersion,
  type GroupVersion,
  parseGroupVersion,
  type RequestOptions,
  SingleFlight,
} from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';
import { groupVersionsOf } from './api-versions.js';
import type { CachedDiscoveryInterface, DiscoveryInterface, PreferredResourcesOptions } from './discovery-interface.js';
import { GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';
import { isTransient } from './is-transient.js';
import { madeOf, preferredResources } from './preferred-resources.js';
import type { ServerVersion } from './server-version.js';

/** Requests are shared, and so are their limits: only waiting for them is the caller's own. */
type WaitOptions = Pick<RequestOptions, 'signal'>;

interface Known {
  readonly found: ApiResources;
  /** Why there is nothing of some group versions. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** What is asked when something is not remembered. */
export interface DiscoverySource extends Pick<
  DiscoveryInterface,
  'groupsAndResources' | 'resourcesForGroupVersion' | 'serverVersion'
> {
  invalidate?(): void;
}

/** All that `invalidate()` forgets. What comes in late for an old memory is lost with it. */
class Memory {
  readonly flight = new SingleFlight<Known>();
  readonly retries = new Map<string, SingleFlight<readonly ApiResource[]>>();
  known: Known | undefined;
}

/**
 * Asks a server once what it serves, and remembers that in memory until `invalidate()`.
 *
 * Calls at the same time share one look; a look that fails altogether, or finds nothing at all, is not remembered. Of group
 * versions that failed, the reason is remembered as well: those that failed for the moment (no answer, 429, 5xx) are asked for
 * again, each by itself, whenever they are needed; a refusal stays, and so does what an aggregated document calls stale.
 *
 * What is not there is not looked for: a group version that was not served rejects as not found (`isNotFound`). The caller
 * decides when it is worth an `invalidate()`; `DeferredDiscoveryRESTMapper` does that by itself.
 *
 * `serverVersion` is asked for each time. `timeoutMs` is that of the delegate, 32 seconds: requests are shared.
 */
export class CachedDiscoveryClient implements CachedDiscoveryInterface {
  readonly #delegate: DiscoverySource;
  #memory = new Memory();

  /** @param delegate - when it remembers, too, it forgets with this one. */
  constructor(delegate: DiscoverySource) {
    this.#delegate = delegate;
  }

  fresh(): boolean {
    return this.#memory.known !== undefined;
  }

  invalidate(): void {
    this.#memory = new Memory();
    this.#delegate.invalidate?.();
  }

  async groups(options: WaitOptions = {}): Promise<readonly ApiGroup[]> {
    const { found } = await this.#recall(this.#memory, options);
    return found.groups;
  }

  async groupsAndResources(options: WaitOptions = {}): Promise<ApiResources> {
    const memory = this.#memory;
    const isRemembered = memory.known !== undefined;
    let known = await this.#recall(memory, options);
    if (isRemembered) {
      const again = [...known.failed].filter(([, error]) => isTransient(error));
      await Promise.allSettled(again.map(([name]) => this.#retry(memory, name, options)));
      options.signal?.throwIfAborted();
      known = memory.known ?? known;
    }
    if (known.failed.size > 0) throw new GroupDiscoveryFailedError(known.failed, known.found);
    return known.found;
  }

  preferredResources({ scope, ...options }: PreferredResourcesOptions = {}): Promise<readonly ApiResource[]> {
    return madeOf(this.groupsAndResources(options), (found) => preferredResources(found, scope));
  }

  async resourcesForGroupVersion(
    groupVersion: GroupVersion,
    options: WaitOptions = {},
  ): Promise<readonly ApiResource[]> {
    const memory = this.#memory;
    const { found, failed } = await this.#recall(memory, options);
    const name = formatGroupVersion(groupVersion);
    if (failed.has(name)) {
      const error = failed.get(name);
      if (!isTransient(error)) throw error;
      return this.#retry(memory, name, options);
    }
    const { group, version } = groupVersion;
    if (found.groups.some((known) => known.name === group && known.versions.includes(version))) {
      return found.resources.filter((resource) => resource.group === group && resource.version === version);
    }
    // As of a server without a core group.
    if (group === '') return [];
    throw newStatusError(404, 'NotFound', `${name} is not served, as far as is remembered`);
  }

  serverVersion(options?: RequestOptions): Promise<ServerVersion> {
    return this.#delegate.serverVersion(options);
  }

  async #recall(memory: Memory, { signal }: WaitOptions): Promise<Known> {
    signal?.throwIfAborted();
    return memory.known ?? this.#look(memory, signal);
  }

  #look(memory: Memory, signal: AbortSignal | undefined): Promise<Known> {
    return memory.flight.join(async (abandoned) => {
      const known = await outcome(this.#delegate.groupsAndResources({ signal: abandoned }));
      if (known.found.groups.length > 0 || known.failed.size > 0) memory.known = known;
      return known;
    }, signal);
  }

  #retry(memory: Memory, name: string, { signal }: WaitOptions): Promise<readonly ApiResource[]> {
    const flight = memory.retries.get(name) ?? new SingleFlight();
    memory.retries.set(name, flight);
    return flight.join(async (abandoned) => {
      try {
        const resources = await this.#delegate.resourcesForGroupVersion(parseGroupVersion(name), { signal: abandoned });
        memory.known &&= recovered(memory.known, name, resources);
        return resources;
      } catch (error) {
        if (!abandoned.aborted)
          memory.known &&= { ...memory.known, failed: new Map(memory.known.failed).set(name, error) };
        throw error;
      }
    }, signal);
  }
}

async function outcome(found: Promise<ApiResources>): Promise<Known> {
  try {
    return { found: await found, failed: new Map() };
  } catch (error) {
    if (!isGroupDiscoveryFailed(error)) throw error;
    return { found: error.partial as ApiResources, failed: error.groups };
  }
}

/** Resources come in the order of their groups and versions, whenever they come. */
function recovered({ found, failed }: Known, name: string, late: readonly ApiResource[]): Known {
  const { groups } = found;
  const ranks = new Map(groupVersionsOf(groups).map((groupVersion, rank) => [groupVersion, rank]));
  const rankOf = (resource: ApiResource): number => ranks.get(formatGroupVersion(resource)) ?? ranks.size;
  const resources = [...found.resources, ...late].toSorted((a, b) => rankOf(a) - rankOf(b));
  return { found: { groups, resources }, failed: new Map([...failed].filter(([failing]) => failing !== name)) };
}
