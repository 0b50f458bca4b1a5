import { formatGroupVersion, type GroupVersion, parseGroupVersion, type RequestOptions } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { type Config, type RestClient, restClientFor } from '@client-ts/rest';
import { aFewAtATime } from './a-few-at-a-time.js';
import { type AggregatedDiscovery, isAggregatedDiscovery, readAggregatedDiscovery } from './aggregated-discovery.js';
import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';
import { groupVersionsOf } from './api-versions.js';
import { GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';
import {
  type ApiGroupList,
  type ApiResourceList,
  type ApiVersions,
  readGroups,
  readResources,
} from './legacy-discovery.js';
import type { DiscoveryInterface, PreferredResourcesOptions } from './discovery-interface.js';
import { madeOf, preferredResources } from './preferred-resources.js';
import type { ServerVersion } from './server-version.js';

const Json = 'application/json';

const AggregatedForm = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Servers answer with all groups and resources at once where they can, and with the names of groups where they cannot. */
const AcceptAggregated = `${AggregatedForm},${Json}`;

/** Servers that do not know the profile leave it out of account. */
const AcceptNoPeer = `${AggregatedForm};profile=nopeer,${AcceptAggregated}`;

/** Discovery of a server with many CRDs takes its time; client-go's limit, in milliseconds. */
const DefaultTimeoutMs = 32_000;

/** Of a server that has to be asked for each group version; JavaScript runtimes warn of more that wait for one signal. */
const RequestsAtOnce = 8;

/** Attempts at everything while some groups fail; an aggregated server that restarts is back in no time. */
const Attempts = 2;

export interface DiscoveryClientOptions {
  /** Ask for each group version by itself, which was the only way before Kubernetes 1.27. Default: false. */
  readonly useLegacyDiscovery?: boolean | undefined;
  /**
   * Ask for what the one API server that answers serves by itself, without what it knows of its peers of other versions:
   * for tests whether that one is ready. Default: false.
   *
   * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4020-unknown-version-interoperability-proxy
   */
  readonly noPeerDiscovery?: boolean | undefined;
}

/** The two roots of discovery, in one of the two forms; a server may lack either. */
type Roots =
  | { readonly form: 'aggregated'; readonly documents: readonly AggregatedDiscovery[] }
  | { readonly form: 'legacy'; readonly groups: readonly ApiGroup[] };

/**
 * Asks a server what it serves. Every call asks anew.
 *
 * Calls reject with a `StatusError` when the server refuses, with a `TransportError` when there is no answer, and with
 * `signal.reason` when aborted. `timeoutMs` counts for each request; its default is 32 seconds.
 */
export class DiscoveryClient implements DiscoveryInterface {
  readonly #client: RestClient;
  readonly #accept: string;

  constructor(config: Config, { useLegacyDiscovery, noPeerDiscovery }: DiscoveryClientOptions = {}) {
    this.#client = restClientFor(config);
    this.#accept = useLegacyDiscovery ? Json : noPeerDiscovery ? AcceptNoPeer : AcceptAggregated;
  }

  /** The groups and their versions. Those of which the server knows nothing current are left out. */
  async groups(options: RequestOptions = {}): Promise<readonly ApiGroup[]> {
    const roots = await this.#roots(options);
    if (roots.form === 'legacy') return roots.groups;
    return roots.documents.flatMap((document) => readAggregatedDiscovery(document).groups);
  }

  /**
   * All groups and resources: two requests where the server has aggregated discovery, and one more for each group version
   * where it has not.
   *
   * Rejects with a {@link GroupDiscoveryFailedError} that holds the rest when some group versions cannot be discovered,
   * after a second attempt.
   */
  async groupsAndResources(options: RequestOptions = {}): Promise<ApiResources> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#groupsAndResources(options);
      } catch (error) {
        if (!isGroupDiscoveryFailed(error) || attempt === Attempts) throw error;
      }
    }
  }

  /**
   * For each resource, the version that the server recommends, or the best it has.
   *
   * Rejects as {@link groupsAndResources} does, with preferred resources as `partial`.
   */
  preferredResources({ scope, ...options }: PreferredResourcesOptions = {}): Promise<readonly ApiResource[]> {
    return madeOf(this.groupsAndResources(options), (found) => preferredResources(found, scope));
  }

  /** The resources of one group version. A server without the core group has none there. */
  async resourcesForGroupVersion(
    groupVersion: GroupVersion,
    options: RequestOptions = {},
  ): Promise<readonly ApiResource[]> {
    const root = groupVersion.group === '' ? '/api' : '/apis';
    try {
      const list = await this.#get<ApiResourceList>(`${root}/${formatGroupVersion(groupVersion)}`, options);
      return readResources(list, groupVersion);
    } catch (error) {
      if (groupVersion.group === '' && isNotFound(error)) return [];
      throw error;
    }
  }

  serverVersion(options: RequestOptions = {}): Promise<ServerVersion> {
    return this.#get('/version', options);
  }

  async #groupsAndResources(options: RequestOptions): Promise<ApiResources> {
    const roots = await this.#roots(options);
    if (roots.form === 'legacy') return this.#oneByOne(roots.groups, options);
    const parts = roots.documents.map(readAggregatedDiscovery);
    const found = {
      groups: parts.flatMap(({ groups }) => groups),
      resources: parts.flatMap(({ resources }) => resources),
    };
    const stale = parts.flatMap((part) => part.stale);
    return complete(found, new Map(stale.map((name) => [name, new Error(`stale GroupVersion discovery: ${name}`)])));
  }

  async #oneByOne(groups: readonly ApiGroup[], options: RequestOptions): Promise<ApiResources> {
    const failed = new Map<string, unknown>();
    const lists = new Map<string, readonly ApiResource[]>();
    const names = groupVersionsOf(groups);
    await aFewAtATime(names, RequestsAtOnce, async (name) => {
      try {
        lists.set(name, await this.resourcesForGroupVersion(parseGroupVersion(name), options));
      } catch (error) {
        options.signal?.throwIfAborted();
        failed.set(name, error);
      }
    });
    return complete({ groups, resources: names.flatMap((name) => lists.get(name) ?? []) }, failed);
  }

  /** Both roots have to be in one form: a proxy may have put servers of different age together. */
  async #roots(options: RequestOptions): Promise<Roots> {
    const core = await this.#root('/api', this.#accept, options);
    const named = await this.#root('/apis', this.#accept, options);
    const documents = [core, named].filter((document) => document !== undefined);
    if (documents.every(isAggregatedDiscovery)) return { form: 'aggregated', documents };
    const [versions, list] = await Promise.all([
      this.#legacyRoot<ApiVersions>('/api', core, options),
      this.#legacyRoot<ApiGroupList>('/apis', named, options),
    ]);
    return { form: 'legacy', groups: readGroups(versions, list) };
  }

  /** Asks again only where the first answer was in the other form. */
  async #legacyRoot<T extends object>(
    path: string,
    first: object | undefined,
    options: RequestOptions,
  ): Promise<T | undefined> {
    const isLegacy = first === undefined || !isAggregatedDiscovery(first);
    return (isLegacy ? first : await this.#root(path, Json, options)) as T | undefined;
  }

  async #root(path: string, accept: string, options: RequestOptions): Promise<object | undefined> {
    try {
      return await this.#get<object>(path, options, accept);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #get<T>(target: string, { signal, timeoutMs = DefaultTimeoutMs }: RequestOptions, accept?: string): Promise<T> {
    const headers = accept === undefined ? undefined : { accept };
    return this.#client.json<T>({ method: 'GET', target, headers }, { signal, timeoutMs });
  }
}

/** @throws GroupDiscoveryFailedError when something is missing. */
function complete(found: ApiResources, failed: ReadonlyMap<string, unknown>): ApiResources {
  if (failed.size > 0) throw new GroupDiscoveryFailedError(failed, found);
  return found;
}
