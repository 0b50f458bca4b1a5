import { formatGroupVersion, type GroupVersion, type RequestOptions } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { type Config, type RestClient, restClientFor } from '@client-ts/rest';
import { type AggregatedDiscovery, readAggregatedDiscovery } from './aggregated-discovery.js';
import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';
import { GroupDiscoveryFailedError } from './group-discovery-failed-error.js';
import {
  type ApiGroupList,
  type ApiResourceList,
  type ApiVersions,
  readGroups,
  readResources,
} from './legacy-discovery.js';

/** Servers answer with all groups and resources at once where they can, and with the names of groups where they cannot. */
const AcceptAggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Discovery of a server with many CRDs takes its time; client-go's limit. */
const TimeoutMs = 32_000;

/** What `/version` says. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
}

/** Asks a server what it serves. Every call asks anew. */
export class DiscoveryClient {
  readonly #client: RestClient;

  constructor(config: Config) {
    this.#client = restClientFor(config);
  }

  /**
   * All groups and resources; two requests where the server has aggregated discovery.
   *
   * Rejects with a {@link GroupDiscoveryFailedError} that holds the rest when some group versions cannot be discovered.
   */
  async groupsAndResources(options: RequestOptions = {}): Promise<ApiResources> {
    const [core, named] = [
      await this.#root('api', AcceptAggregated, options),
      await this.#root('apis', AcceptAggregated, options),
    ];
    const aggregated = [core, named].every((document) => document === undefined || isAggregated(document));
    if (!aggregated) return this.#oneByOne(options);

    const parts = [core, named].map((document) => readAggregatedDiscovery(document ?? {}));
    const found = {
      groups: parts.flatMap(({ groups }) => groups),
      resources: parts.flatMap(({ resources }) => resources),
    };
    const stale = parts.flatMap((part) => part.stale);
    if (stale.length === 0) return found;
    const reasons = stale.map((name) => [name, new Error(`stale GroupVersion discovery: ${name}`)] as const);
    throw new GroupDiscoveryFailedError(new Map(reasons), found);
  }

  /** For each resource, the version that the server recommends, or the best it has. */
  async preferredResources(options: RequestOptions = {}): Promise<readonly ApiResource[]> {
    const { groups, resources } = await this.groupsAndResources(options);
    return groups.flatMap((group) => preferredIn(group, resources));
  }

  /** The resources of one group version. */
  async resourcesForGroupVersion(
    groupVersion: GroupVersion,
    options: RequestOptions = {},
  ): Promise<readonly ApiResource[]> {
    const prefix = groupVersion.group === '' ? '/api' : '/apis';
    const target = `${prefix}/${formatGroupVersion(groupVersion)}`;
    const list = await this.#client.json<ApiResourceList>(
      { method: 'GET', target },
      { timeoutMs: TimeoutMs, ...options },
    );
    return readResources(list, groupVersion);
  }

  serverVersion(options: RequestOptions = {}): Promise<ServerVersion> {
    return this.#client.json({ method: 'GET', target: '/version' }, { timeoutMs: TimeoutMs, ...options });
  }

  /** One of the two roots; a server may lack either. */
  async #root(path: 'api' | 'apis', accept: string, options: RequestOptions): Promise<object | undefined> {
    const request = { method: 'GET', target: `/${path}`, headers: { accept } } as const;
    try {
      return await this.#client.json<object>(request, { timeoutMs: TimeoutMs, ...options });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #oneByOne(options: RequestOptions): Promise<ApiResources> {
    const core = (await this.#root('api', 'application/json', options)) as ApiVersions | undefined;
    const list = (await this.#root('apis', 'application/json', options)) as ApiGroupList | undefined;
    const groups = readGroups(core, list ?? {});
    const failed = new Map<string, unknown>();
    const versions = groups.flatMap(({ name, versions: served }) =>
      served.map((version) => ({ group: name, version })),
    );
    const lists = await Promise.all(
      versions.map(async (groupVersion) => {
        try {
          return await this.resourcesForGroupVersion(groupVersion, options);
        } catch (error) {
          options.signal?.throwIfAborted();
          failed.set(formatGroupVersion(groupVersion), error);
          return [];
        }
      }),
    );
    const found = { groups, resources: lists.flat() };
    if (failed.size > 0) throw new GroupDiscoveryFailedError(failed, found);
    return found;
  }
}

function isAggregated(document: object): document is AggregatedDiscovery {
  return (document as { kind?: unknown }).kind === 'APIGroupDiscoveryList';
}

function preferredIn(group: ApiGroup, resources: readonly ApiResource[]): ApiResource[] {
  const order = [group.preferredVersion, ...group.versions];
  const chosen = new Map<string, ApiResource>();
  for (const version of order) {
    for (const resource of resources) {
      const fits = resource.group === group.name && resource.version === version;
      if (fits && !chosen.has(resource.resource)) chosen.set(resource.resource, resource);
    }
  }
  return [...chosen.values()];
}
