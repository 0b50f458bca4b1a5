import {
  type Clock,
  formatGroupResource,
  type KubernetesObject,
  type ListerWatcher,
  type ListOptions,
  NamespaceAll,
  type ResourceDescriptor,
} from '@client-ts/apimachinery';
import { type CacheErrorHandler, type Indexers, SharedIndexInformer } from '@client-ts/cache';
import { type NamespaceableLister, newLister } from '@client-ts/listers';
import { type Config, restClientFor } from '@client-ts/rest';

export interface SharedInformerFactoryOptions {
  /** Only objects of this namespace. Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Resync period of handlers that are added without one. Default: none. */
  readonly defaultResyncMs?: number | undefined;
  /** Changes the options of every list and watch, such as to add a selector. */
  readonly tweakListOptions?: ((options: ListOptions) => ListOptions) | undefined;
  /** Freeze cached objects, so that changing a shared one throws. Meant for tests. Default: false. */
  readonly freeze?: boolean | undefined;
  /** Told of every failure that the caches survived. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
  readonly clock?: Clock | undefined;
}

export interface InformerOptions<T, I extends string> {
  /** Extra indexes, by name. `namespace` is always there. */
  readonly indexers?: Indexers<T, I> | undefined;
  /** Runs once, before an object is stored; may change it. Use it to drop fields and save memory. */
  readonly transform?: ((object: T) => T) | undefined;
}

interface Entry {
  readonly informer: SharedIndexInformer<KubernetesObject, string>;
  /** Resolves when the informer has stopped; `undefined` before it was started. */
  running: Promise<void> | undefined;
}

/** One shared informer for each resource: whoever asks for the same resource reads the same cache. */
export class SharedInformerFactory implements AsyncDisposable {
  readonly #config: Config;
  readonly #options: SharedInformerFactoryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #stop = new AbortController();

  constructor(config: Config, options: SharedInformerFactoryOptions = {}) {
    this.#config = config;
    this.#options = options;
  }

  /**
   * The informer of a resource. Asking again gives the same one, with the new indexes added.
   *
   * @throws Error after shutdown, or when a `transform` is given for an informer that exists; RangeError when the name of an
   * index is taken.
   */
  informer<T extends KubernetesObject, A, I extends string = never>(
    descriptor: ResourceDescriptor<T, A>,
    options: InformerOptions<T, I> = {},
  ): SharedIndexInformer<T, I> {
    if (this.#stop.signal.aborted) throw new Error('the informer factory has been shut down');
    const { group, version, resource } = descriptor;
    const id = `${group}/${version}/${resource}`;
    let entry = this.#entries.get(id);
    if (!entry) {
      entry = { informer: this.#newInformer(descriptor, options) as unknown as Entry['informer'], running: undefined };
      this.#entries.set(id, entry);
    } else {
      if (options.transform)
        throw new Error(
          `the informer of ${formatGroupResource(descriptor)} exists already: its transform cannot change`,
        );
      if (options.indexers) entry.informer.addIndexers(options.indexers as Indexers<KubernetesObject, string>);
    }
    return entry.informer as unknown as SharedIndexInformer<T, I>;
  }

  /** Reads from the cache of the resource's informer, which is asked for by this. */
  lister<T extends KubernetesObject, A>(descriptor: ResourceDescriptor<T, A>): NamespaceableLister<T> {
    return newLister<T>(this.informer(descriptor).indexer, descriptor);
  }

  /**
   * Starts every informer that was asked for and does not run yet. Returns at once.
   *
   * Aborting `signal` stops them, as {@link shutdown} does.
   */
  start({ signal }: { signal?: AbortSignal | undefined } = {}): void {
    if (this.#stop.signal.aborted) return;
    if (signal?.aborted) return this.#stop.abort(signal.reason);
    if (signal) {
      const stop = (): void => this.#stop.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#stop.signal.addEventListener('abort', () => signal.removeEventListener('abort', stop), { once: true });
    }
    for (const entry of this.#entries.values()) entry.running ??= entry.informer.run({ signal: this.#stop.signal });
  }

  /** Resolves when all started informers hold a full list and their handlers know of it; rejects if `signal` aborts first. */
  async waitForCacheSync(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const started = [...this.#entries.values()].filter((entry) => entry.running !== undefined);
    await Promise.all(started.map((entry) => entry.informer.waitForSync(options)));
  }

  /** Stops all informers; resolves when the last handler has returned. May be called more than once. */
  async shutdown(): Promise<void> {
    this.#stop.abort(new Error('the informer factory has been shut down'));
    await Promise.all([...this.#entries.values()].map((entry) => entry.running));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  #newInformer<T extends KubernetesObject, A, I extends string>(
    descriptor: ResourceDescriptor<T, A>,
    options: InformerOptions<T, I>,
  ): SharedIndexInformer<T, I> {
    const { clock, defaultResyncMs, freeze, onError } = this.#options;
    const name = formatGroupResource(descriptor);
    return new SharedIndexInformer<T, I>(this.#source(descriptor), {
      ...options,
      name,
      clock,
      freeze,
      onError,
      defaultResyncMs,
    });
  }

  #source<T extends KubernetesObject, A>(descriptor: ResourceDescriptor<T, A>): ListerWatcher<T> {
    const { namespace = NamespaceAll, tweakListOptions = (listOptions) => listOptions } = this.#options;
    const scope = descriptor.scope === 'Cluster' ? undefined : namespace;
    const client = restClientFor(this.#config).resource(descriptor, scope);
    return {
      list: (listOptions = {}) => client.list(tweakListOptions(listOptions)),
      watch: (watchOptions = {}) => client.watch({ ...watchOptions, ...tweakListOptions(watchOptions) }),
    };
  }
}
