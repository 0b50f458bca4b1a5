import {
  type Clock,
  formatGroupResource,
  type KubernetesObject,
  NamespaceAll,
  onAbort,
  realClock,
  type ResourceDescriptor,
} from '@client-ts/apimachinery';
import {
  type CachedObject,
  type CacheErrorHandler,
  type CacheMeter,
  type Indexer,
  type Indexers,
  type Queue,
  type QueueOptions,
  type ReflectorOptions,
  SharedIndexInformer,
} from '@client-ts/cache';
import { type NamespaceableLister, newLister } from '@client-ts/listers';
import { type Config, RestClient, restClientFor } from '@client-ts/rest';
import { CacheSyncTimeoutError } from './cache-sync-timeout-error.js';
import type { InformerForm } from './informer-form.js';

/** How the caches read from the server. */
type ReadingOptions = Pick<
  ReflectorOptions,
  'watchList' | 'pageSize' | 'minWatchTimeoutMs' | 'backoff' | 'maxInternalErrorRetryMs' | 'tweakListOptions'
>;

export interface SharedInformerFactoryOptions extends ReadingOptions {
  /** Precedes the names of its informers, as in `my-controller/pods`: tells those of several factories apart. Default: none. */
  readonly name?: string | undefined;
  /** Only objects of this namespace; resources that have none are not narrowed. Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Resync period of handlers that are added without one. Default: none. */
  readonly defaultResyncMs?: number | undefined;
  /**
   * Keep `metadata.managedFields` in the objects. Without them objects take half the memory, and arrive in less time; who
   * applies what it extracts from cached objects needs them. Default: false.
   */
  readonly keepManagedFields?: boolean | undefined;
  /**
   * Freeze cached objects, so that changing a shared one throws. Costs a tenth of the sync. Default: whether the environment
   * variable `NODE_ENV` is `development` or `test`.
   */
  readonly freeze?: boolean | undefined;
  /** Makes what stands between reflector and cache of each resource. Default: `RealFIFO`. */
  readonly newQueue?: NewQueue | undefined;
  /** Told of every failure that the caches survived. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
  /** What the caches do is counted here, by the names of their informers: `cacheMetrics(provider)`. Default: nowhere. */
  readonly metrics?: CacheMeter | undefined;
  /** Of the caches and of their requests. Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a queue whose reader keeps what it is told of in `indexer`; for instance
 * `(options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })`.
 */
export type NewQueue = <T extends KubernetesObject, In extends KubernetesObject>(
  options: QueueOptions<T, In>,
  indexer: Indexer<T, string>,
) => Queue<T, In>;

/**
 * @typeParam T - what is cached.
 * @typeParam In - what the server sends, which `transform` gets.
 */
export interface InformerOptions<T, I extends string, In = T> {
  /** Extra indexes, by name. `namespace` is always there. */
  readonly indexers?: Indexers<T, I> | undefined;
  /**
   * Runs once, before an object is stored; may change it. Use it to drop fields and save memory. When it throws, that is
   * reported, and the cache keeps what it had of the object. Name and namespace have to stay as they are.
   */
  readonly transform?: ((object: In) => In) | undefined;
  /** Keep `metadata.managedFields` in the objects of this resource. Default: the factory's. */
  readonly keepManagedFields?: boolean | undefined;
}

/** Options of an informer that caches something else than what the server sends. */
export interface ProjectingOptions<T, I extends string, In> extends InformerOptions<NoInfer<T>, I, In> {
  /**
   * What it returns is cached, and what handlers are told of: the type of both. Keep the metadata that you need, with name,
   * namespace and `resourceVersion`; without the last a new list tells of objects that have not changed, too. Otherwise as
   * `transform`, which comes before it.
   */
  readonly project: (object: In) => T;
}

/** What all overloads take. */
interface AnyOptions extends InformerOptions<KubernetesObject, string> {
  readonly project?: ((object: KubernetesObject) => KubernetesObject) | undefined;
}

/** A resource in whatever form. Without `project`, what is read is kept. */
type AnyForm = Omit<InformerForm<KubernetesObject>, 'project'> & Pick<AnyOptions, 'project'>;

export interface CacheSyncOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which to give up, and tell who is late. Default: none. */
  readonly timeoutMs?: number | undefined;
}

interface Entry {
  readonly informer: SharedIndexInformer<KubernetesObject, string>;
  readonly project: AnyOptions['project'];
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
   * @throws Error after shutdown; when a `transform`, or another `project` or `keepManagedFields`, is given for an informer that
   * exists; and for options that cannot be combined. RangeError when the name of an index is taken.
   */
  informer<T extends CachedObject, In extends KubernetesObject, I extends string = never>(
    form: InformerForm<T, In>,
    options?: InformerOptions<T, I, In>,
  ): SharedIndexInformer<T, I>;
  informer<T extends KubernetesObject, A, P extends CachedObject, I extends string = never>(
    descriptor: ResourceDescriptor<T, A>,
    options: ProjectingOptions<P, I, T>,
  ): SharedIndexInformer<P, I>;
  informer<T extends KubernetesObject, A, I extends string = never>(
    descriptor: ResourceDescriptor<T, A>,
    options?: InformerOptions<T, I>,
  ): SharedIndexInformer<T, I>;
  informer(resource: ResourceDescriptor | AnyForm, options: AnyOptions = {}): SharedIndexInformer<KubernetesObject> {
    if (this.#stopped) throw new Error('the informer factory has been shut down');
    const form = formOf(resource);
    const { group, version, resource: plural } = form.descriptor;
    const id = `${group}/${version}/${plural} ${form.name}`;
    const entry = this.#entries.get(id);
    if (!entry) {
      const { keepManagedFields = this.#options.keepManagedFields ?? false } = options;
      const informer = this.#newInformer(form, { ...options, keepManagedFields });
      const stop = new AbortController();
      this.#entries.set(id, { informer, project: options.project, keepManagedFields, stop, running: undefined });
      return informer;
    }
    const refuse = (option: string): never => {
      throw new Error(`the informer of ${nameOf(form)} exists already: its ${option} cannot change`);
    };
    if (options.transform) refuse('transform');
    // Whoever does not name it would be given objects of another type than his.
    if (options.project !== entry.project) refuse('project');
    if ((options.keepManagedFields ?? entry.keepManagedFields) !== entry.keepManagedFields) refuse('keepManagedFields');
    if (options.indexers) entry.informer.addIndexers(options.indexers);
    return entry.informer;
  }

  /** Reads from the cache of the resource's informer, which is asked for by this; see {@link informer}. */
  lister<T extends CachedObject, In extends KubernetesObject>(
    form: InformerForm<T, In>,
    options?: InformerOptions<T, string, In>,
  ): NamespaceableLister<T>;
  lister<T extends KubernetesObject, A, P extends CachedObject>(
    descriptor: ResourceDescriptor<T, A>,
    options: ProjectingOptions<P, string, T>,
  ): NamespaceableLister<P>;
  lister<T extends KubernetesObject, A>(
    descriptor: ResourceDescriptor<T, A>,
    options?: InformerOptions<T, string>,
  ): NamespaceableLister<T>;
  lister(resource: ResourceDescriptor | AnyForm, options: AnyOptions = {}): NamespaceableLister<KubernetesObject> {
    // Of one type, whatever overload it was.
    const { indexer } = this.informer(resource as ResourceDescriptor, options);
    return newLister(indexer, formOf(resource).descriptor);
  }

  /** All informers that were asked for. Each has a name of its own: that of the resource, and of the form of its objects. */
  informers(): readonly SharedIndexInformer<CachedObject, string>[] {
    return Array.from(this.#entries.values(), ({ informer }) => informer);
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
   * Resolves when all started informers hold a full list and their handlers know of it. Rejects with `signal.reason`; with
   * CacheSyncTimeoutError, which names those that are late; with an Error when they are stopped.
   */
  async waitForCacheSync({ signal, timeoutMs }: CacheSyncOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const { clock = realClock } = this.#options;
    const late = new Set<Entry['informer']>();
    for (const { informer, running } of this.#entries.values()) if (running) late.add(informer);
    const giveUp = new AbortController();
    const unlink = signal && onAbort(signal, () => giveUp.abort(signal.reason));
    const timer =
      timeoutMs === undefined
        ? undefined
        : clock.setTimeout(() => giveUp.abort(new CacheSyncTimeoutError(timeoutMs, [...late])), timeoutMs);
    const synced = async (informer: Entry['informer']): Promise<void> => {
      await informer.waitForSync({ signal: giveUp.signal });
      late.delete(informer);
    };
    try {
      await Promise.all(Array.from(late, synced));
    } finally {
      clock.clearTimeout(timer);
      unlink?.();
    }
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

  #newInformer(
    form: AnyForm,
    { keepManagedFields = false, ...options }: AnyOptions,
  ): SharedIndexInformer<KubernetesObject, string> {
    const { name, namespace = NamespaceAll, keepManagedFields: _, tweakListOptions, ...shared } = this.#options;
    const given = { ...options, keepManagedFields };
    const refused = form.refuses?.find((option) => given[option]) ?? (form.project && options.project && 'project');
    if (refused) throw new Error(`${nameOf(form)}: the option ${refused} cannot be combined with this form`);
    const source = form.source(this.#client, form.descriptor.scope === 'Cluster' ? undefined : namespace);
    const project = form.project ?? options.project;
    return new SharedIndexInformer(source, {
      ...shared,
      ...options,
      ...(project ? { project } : {}),
      name: name ? `${name}/${nameOf(form)}` : nameOf(form),
      indexer: form.indexer,
      tweakListOptions: (asked) => {
        const whole = { ...asked, dropManagedFields: !keepManagedFields };
        return { ...whole, ...tweakListOptions?.(whole) };
      },
    });
  }
}

function formOf(resource: ResourceDescriptor | AnyForm): AnyForm {
  if ('descriptor' in resource) return resource;
  return { descriptor: resource, name: '', source: (client, namespace) => client.resource(resource, namespace) };
}

function nameOf({ descriptor, name }: AnyForm): string {
  return `${formatGroupResource(descriptor)}${name && ` (${name})`}`;
}
