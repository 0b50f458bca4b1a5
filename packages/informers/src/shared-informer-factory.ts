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
import { type Config, RestClient, restClientFor } from '@client-ts/rest';

export interface SharedInformerFactoryOptions {
  /** Only objects of this namespace; resources that have none are not narrowed. Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Resync period of handlers that are added without one. Default: none. */
  readonly defaultResyncMs?: number | undefined;
  /** Gives options that replace those of every list and watch, such as a selector. */
  readonly tweakListOptions?: ((options: ListOptions) => ListOptions) | undefined;
  /**
   * Keep `metadata.managedFields` in the objects. Without them objects take half the memory, and arrive in less time; who
   * applies what it extracts from cached objects needs them. Default: false.
   */
  readonly keepManagedFields?: boolean | undefined;
  /** Freeze cached objects, so that changing a shared one throws. Meant for tests. Default: false. */
  readonly freeze?: boolean | undefined;
  /** Told of every failure that the caches survived. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
  /** Of the caches and of their requests. Default: real time. */
  readonly clock?: Clock | undefined;
}

export interface InformerOptions<T, I extends string> {
  /** Extra indexes, by name. `namespace` is always there. */
  readonly indexers?: Indexers<T, I> | undefined;
  /**
   * Runs once, before an object is stored; may change it. Use it to drop fields and save memory. When it throws, that is
   * reported, and the cache keeps what it had of the object.
   */
  readonly transform?: ((object: T) => T) | undefined;
  /** Keep `metadata.managedFields` in the objects of this resource. Default: the factory's. */
  readonly keepManagedFields?: boolean | undefined;
}

interface Entry {
  readonly informer: SharedIndexInformer<KubernetesObject, string>;
  readonly keepManagedFields: boolean;
  /** One for each informer: so many may not listen to one signal. */
  readonly stop: AbortController;
  /** Resolves when the informer has stopped; `undefined` before it was started. */
  running: Promise<void> | undefined;
}

/** One shared informer for each resource: whoever asks for the same resource reads the same cache. */
export class SharedInformerFactory implements AsyncDisposable {
  readonly #client: RestClient;
  readonly #options: SharedInformerFactoryOptions;
  readonly #entries = new Map<string, Entry>();
  /** Signals that stop the factory, and what they call. */
  readonly #signals = new Map<AbortSignal, () => void>();
  #stopped = false;

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: Config, options: SharedInformerFactoryOptions = {}) {
    this.#client = options.clock ? new RestClient(config, options.clock) : restClientFor(config);
    this.#options = options;
  }

  /**
   * The informer of a resource. Asking again gives the same one, with the new indexes added.
   *
   * @throws Error after shutdown, or when a `transform`, or another `keepManagedFields`, is given for an informer that exists;
   * RangeError when the name of an index is taken.
   */
  informer<T extends KubernetesObject, A, I extends string = never>(
    descriptor: ResourceDescriptor<T, A>,
    options: InformerOptions<T, I> = {},
  ): SharedIndexInformer<T, I> {
    if (this.#stopped) throw new Error('the informer factory has been shut down');
    const { group, version, resource } = descriptor;
    const id = `${group}/${version}/${resource}`;
    const { keepManagedFields = this.#options.keepManagedFields ?? false } = options;
    let entry = this.#entries.get(id);
    if (!entry) {
      const informer = this.#newInformer(descriptor, { ...options, keepManagedFields }) as unknown as Entry['informer'];
      entry = { informer, keepManagedFields, stop: new AbortController(), running: undefined };
      this.#entries.set(id, entry);
    } else {
      const refuse = (option: string): never => {
        throw new Error(
          `the informer of ${formatGroupResource(descriptor)} exists already: its ${option} cannot change`,
        );
      };
      if (options.transform) refuse('transform');
      if ((options.keepManagedFields ?? entry.keepManagedFields) !== entry.keepManagedFields)
        refuse('keepManagedFields');
      if (options.indexers) entry.informer.addIndexers(options.indexers as Indexers<KubernetesObject, string>);
    }
    return entry.informer as unknown as SharedIndexInformer<T, I>;
  }

  /** Reads from the cache of the resource's informer, which is asked for by this. */
  lister<T extends KubernetesObject, A>(descriptor: ResourceDescriptor<T, A>): NamespaceableLister<T> {
    return newLister<T>(this.informer(descriptor).indexer, descriptor);
  }

  /**
   * Starts every informer that was asked for and does not run yet. Returns at once; does nothing after shutdown.
   *
   * Aborting `signal` stops them, as {@link shutdown} does.
   */
  start({ signal }: { signal?: AbortSignal | undefined } = {}): void {
    if (this.#stopped) return;
    if (signal?.aborted) return this.#stop(signal.reason);
    if (signal && !this.#signals.has(signal)) {
      const stop = (): void => this.#stop(signal.reason);
      this.#signals.set(signal, stop);
      signal.addEventListener('abort', stop, { once: true });
    }
    for (const entry of this.#entries.values()) entry.running ??= entry.informer.run({ signal: entry.stop.signal });
  }

  /**
   * Resolves when all started informers hold a full list and their handlers know of it; rejects if `signal` aborts first,
   * or they are stopped.
   */
  async waitForCacheSync({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    const started = [...this.#entries.values()].filter((entry) => entry.running !== undefined);
    // One after the other, so that one at a time listens to the signal; together they take as long as the slowest.
    for (const { informer } of started) await informer.waitForSync({ signal });
  }

  /** Stops all informers; resolves when all that went on has ended. May be called more than once. */
  async shutdown(): Promise<void> {
    this.#stop(new Error('the informer factory has been shut down'));
    for (const { running } of this.#entries.values()) await running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  #stop(reason: unknown): void {
    this.#stopped = true;
    for (const [signal, stop] of this.#signals) signal.removeEventListener('abort', stop);
    this.#signals.clear();
    for (const entry of this.#entries.values()) entry.stop.abort(reason);
  }

  #newInformer<T extends KubernetesObject, A, I extends string>(
    descriptor: ResourceDescriptor<T, A>,
    { keepManagedFields = false, ...options }: InformerOptions<T, I>,
  ): SharedIndexInformer<T, I> {
    const { clock, defaultResyncMs, freeze, onError } = this.#options;
    const name = formatGroupResource(descriptor);
    return new SharedIndexInformer<T, I>(this.#source(descriptor, keepManagedFields), {
      ...options,
      name,
      clock,
      freeze,
      onError,
      defaultResyncMs,
    });
  }

  #source<T extends KubernetesObject, A>(
    descriptor: ResourceDescriptor<T, A>,
    keepManagedFields: boolean,
  ): ListerWatcher<T> {
    const { namespace = NamespaceAll, tweakListOptions } = this.#options;
    const client = this.#client.resource(descriptor, descriptor.scope === 'Cluster' ? undefined : namespace);
    const tweak = <O extends ListOptions>(options: O | undefined): O => {
      const asked = { ...options, dropManagedFields: !keepManagedFields } as O;
      return { ...asked, ...tweakListOptions?.(asked) };
    };
    return {
      list: (options) => client.list(tweak(options)),
      listItems: (options) => client.listItems(tweak(options)),
      watch: (options) => client.watch(tweak(options)),
    };
  }
}
