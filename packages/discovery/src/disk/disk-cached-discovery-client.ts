import type { Clock, GroupVersion, RequestOptions } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { Config } from '@client-ts/rest';
import type { ApiGroup, ApiResource, ApiResources } from '../api-resource.js';
import { CachedDiscoveryClient, type DiscoverySource } from '../cached-discovery-client.js';
import { DiscoveryClient } from '../discovery-client.js';
import type { CachedDiscoveryInterface, PreferredResourcesOptions } from '../discovery-interface.js';
import { isGroupDiscoveryFailed } from '../group-discovery-failed-error.js';
import type { ServerVersion } from '../server-version.js';
import { cacheDirectoriesOf, defaultCacheDirectory } from './cache-directories.js';
import { DiscoveryFiles } from './discovery-files.js';
import { withHttpCache } from './with-http-cache.js';

/** kubectl's. CRDs come seldom, and who misses one looks again. */
const DefaultTtlMs = 6 * 60 * 60 * 1000;

type WaitOptions = Pick<RequestOptions, 'signal'>;

export interface DiskCacheOptions {
  /** How long what is in files, or was asked for, is good for, in milliseconds. Default: 6 hours, as for kubectl. */
  readonly ttlMs?: number | undefined;
  /** Compared with the times of files. Default: the time of the machine. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

export interface KubectlCacheOptions extends DiskCacheOptions {
  /** Default: that of kubectl, `$KUBECACHEDIR` or `~/.kube/cache`. */
  readonly cacheDirectory?: string | undefined;
}

/** What `invalidate()` and the end of its time do away with. */
interface Remembered {
  isForeign: boolean;
  /** When it is too old, in milliseconds since 1970. */
  untilMs: number;
}

/**
 * Remembers what a server serves in files, which it shares with kubectl and with other processes, and in memory.
 *
 * The directory is used when it is whole: it has the list of groups and those of the resources of each of their versions, none
 * older than `ttlMs`. Otherwise the server is asked, all at once, and the files are written: each is replaced as a whole, with
 * mode 0660, in directories with mode 0750. Files that are damaged are as good as none, and it is no error when they cannot be
 * written. Where some group versions could not be discovered, nothing is written for these, so that the next process asks
 * again, and learns why.
 *
 * After `invalidate()`, the files of others are not read any more.
 *
 * What the server is asked, and how, is up to the client beneath; see {@link forConfig}.
 */
export class DiskCachedDiscoveryClient implements CachedDiscoveryInterface {
  readonly #server: DiscoverySource;
  readonly #files: DiscoveryFiles;
  readonly #ttlMs: number;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #memory: CachedDiscoveryClient;
  #remembered: Remembered = { isForeign: false, untilMs: Infinity };
  #isInvalidated = false;

  /**
   * @param directory - of one server alone: another must not have it.
   */
  constructor(server: DiscoverySource, directory: string, options: DiskCacheOptions = {}) {
    const { ttlMs = DefaultTtlMs, clock = { now: () => Date.now() } } = options;
    this.#server = server;
    this.#files = new DiscoveryFiles(directory);
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#memory = new CachedDiscoveryClient({
      groupsAndResources: (wait) => this.#load(wait),
      resourcesForGroupVersion: (groupVersion, wait) => server.resourcesForGroupVersion(groupVersion, wait),
      serverVersion: (wait) => server.serverVersion(wait),
    });
  }

  /**
   * Shares kubectl's cache of a server: `discovery/<host>` for what it serves, and `http` for answers, which the server is then
   * asked to confirm ({@link withHttpCache}).
   */
  static forConfig(config: Config, options: KubectlCacheOptions = {}): DiskCachedDiscoveryClient {
    const { discovery } = cacheDirectoriesOf(options.cacheDirectory ?? defaultCacheDirectory(), config.host);
    return new DiskCachedDiscoveryClient(new DiscoveryClient(withHttpCache(config, options)), discovery, options);
  }

  /** False as soon as something came out of the files of others. */
  fresh(): boolean {
    return !this.#remembered.isForeign;
  }

  invalidate(): void {
    this.#isInvalidated = true;
    this.#forget();
    this.#server.invalidate?.();
  }

  groups(options?: WaitOptions): Promise<readonly ApiGroup[]> {
    return this.#upToDate().groups(options);
  }

  groupsAndResources(options?: WaitOptions): Promise<ApiResources> {
    return this.#upToDate().groupsAndResources(options);
  }

  preferredResources(options?: PreferredResourcesOptions): Promise<readonly ApiResource[]> {
    return this.#upToDate().preferredResources(options);
  }

  /** A group version that the files of others do not have is looked for, once. */
  async resourcesForGroupVersion(groupVersion: GroupVersion, options?: WaitOptions): Promise<readonly ApiResource[]> {
    try {
      return await this.#upToDate().resourcesForGroupVersion(groupVersion, options);
    } catch (error) {
      if (this.fresh() || !isNotFound(error)) throw error;
      this.invalidate();
      return this.#memory.resourcesForGroupVersion(groupVersion, options);
    }
  }

  serverVersion(options?: RequestOptions): Promise<ServerVersion> {
    return this.#server.serverVersion(options);
  }

  #upToDate(): CachedDiscoveryClient {
    if (this.#clock.now() > this.#remembered.untilMs) {
      this.#forget();
      this.#server.invalidate?.();
    }
    return this.#memory;
  }

  #forget(): void {
    this.#remembered = { isForeign: false, untilMs: Infinity };
    this.#memory.invalidate();
  }

  async #load(options: WaitOptions = {}): Promise<ApiResources> {
    // May be forgotten by the time that something is known.
    const remembered = this.#remembered;
    const nowMs = this.#clock.now();
    const kept = this.#isInvalidated ? undefined : await this.#files.read(nowMs - this.#ttlMs);
    if (kept) {
      remembered.isForeign = true;
      remembered.untilMs = kept.writtenMs + this.#ttlMs;
      return kept.found;
    }
    remembered.untilMs = nowMs + this.#ttlMs;
    try {
      const found = await this.#server.groupsAndResources(options);
      await this.#keep(found, []);
      return found;
    } catch (error) {
      if (isGroupDiscoveryFailed(error)) await this.#keep(error.partial as ApiResources, error.groups.keys());
      throw error;
    }
  }

  async #keep(found: ApiResources, failed: Iterable<string>): Promise<void> {
    try {
      await this.#files.write(found, failed);
    } catch {
      // Others will have to ask, too.
    }
  }
}
