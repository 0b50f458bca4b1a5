import type { KubernetesObject, Lister } from '@client-ts/apimachinery';
import {
  type HandlerOptions,
  recordingClient,
  type ResourceEventHandler,
  type ResourceEventHandlerRegistration,
  type SharedIndexInformer,
  WriteOverlay,
  type WriteOverlayOptions,
} from '@client-ts/cache';
import type { WatchedResource } from './informer-source.js';
import { Doubt } from './doubt.js';
import { loggingClient } from './logging-client.js';
import type { TraceApi } from './tracing.js';
import { WriteLog } from './write-log.js';

export interface ReadYourWritesOptions<T extends KubernetesObject, I extends string> extends Omit<
  WriteOverlayOptions<T, I>,
  'project'
> {
  /** `trace` of `@opentelemetry/api`: what a write brings about is then linked with the span that it was made in. Default: none. */
  readonly tracing?: TraceApi | undefined;
}

/**
 * A resource as a controller reads and writes it: what `client` wrote, `indexer` shows at once, before the watch has brought it.
 * So a reconcile that looks for what it has made never finds nothing, and makes it again: it needs no expectations.
 *
 * That holds for what this process wrote, and not for what others did, such as the leader before. Also for a creation that was not
 * answered: the next one under a name that the server makes is refused, after a list of the namespace has told what there is.
 *
 * @typeParam C - the client, typed or not.
 */
export class ReadYourWrites<
  T extends KubernetesObject,
  C extends Lister<T>,
  I extends string = never,
> implements WatchedResource<T> {
  readonly informer: SharedIndexInformer<T, I>;
  /** The cache, with what was written. */
  readonly indexer: WriteOverlay<T, I>;
  readonly writes: WriteLog;
  readonly #clientOf: (namespace: string) => C & Lister<T>;
  readonly #options: ReadYourWritesOptions<T, I>;
  readonly #clients = new Map<string, C>();

  /**
   * @param clientOf - makes the client for a namespace, which is empty for resources that have none.
   * @param options - with `indexers`, which the informer is given, too.
   */
  constructor(
    informer: SharedIndexInformer<T>,
    clientOf: (namespace: string) => C & Lister<T>,
    options: ReadYourWritesOptions<T, I> = {},
  ) {
    if (options.indexers) informer.addIndexers(options.indexers);
    this.informer = informer;
    this.indexer = new WriteOverlay<T, I>(this.informer, options);
    this.writes = new WriteLog({ isTraced: options.tracing !== undefined });
    this.#clientOf = clientOf;
    this.#options = options;
  }

  get name(): string {
    return this.informer.name;
  }

  /** The client for a namespace; all that it writes is recorded. */
  client(namespace: string): C {
    const known = this.#clients.get(namespace);
    if (known) return known;
    const plain = this.#clientOf(namespace);
    const doubt = new Doubt(async () => {
      const { items, metadata } = await plain.list();
      this.indexer.recordAll(items, metadata.resourceVersion ?? '', namespace || undefined);
    });
    const { tracing } = this.#options;
    const logging = loggingClient(plain, { log: this.writes, namespace, doubt, tracing });
    const client = recordingClient<T, C>(logging, this.indexer, {
      ...(namespace ? { namespace } : {}),
      onError: this.#options.onError,
    });
    this.#clients.set(namespace, client);
    return client;
  }

  addEventHandler(handler: ResourceEventHandler<T>, options?: HandlerOptions): ResourceEventHandlerRegistration {
    return this.informer.addEventHandler(handler, options);
  }
}
