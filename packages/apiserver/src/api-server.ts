import { schema } from '@client-ts/api/schema';
import { type Clock, type GroupResource, type KubernetesObject, realClock } from '@client-ts/apimachinery';
import type { Config, Transport } from '@client-ts/rest';
import { type Action, actionOf } from './action.js';
import { ActionLog } from './action-log.js';
import type { ApiRequest, ApiResponse, Endpoint } from './api-request.js';
import { textBody, unknownPath } from './api-response.js';
import { builtInResources } from './built-in-resources.js';
import { notAllowed, notServed } from './call.js';
import type { Cluster } from './cluster.js';
import { DefinitionController } from './custom-resources/definition-controller.js';
import { discoveryEndpoint } from './discovery/discovery-endpoint.js';
import { answered } from './failure-response.js';
import { healthEndpoint } from './health.js';
import { inProcessTransport } from './in-process-transport.js';
import { type Interceptor, Interceptors } from './interceptors.js';
import { openApiEndpoint } from './openapi/openapi-endpoint.js';
import { openApiV2Endpoint } from './openapi/openapi-v2-endpoint.js';
import { handleResource } from './resource-handler.js';
import { parseResourcePath, type ResourcePath } from './resource-path.js';
import { ResourceRegistry } from './resource-registry.js';
import { seed } from './seed.js';
import { Store } from './storage/store.js';
import type { StoredObject } from './stored-object.js';
import { metaRepresentations } from './table/representations.js';
import { schemaChecker } from './validation/schema-checker.js';
import { Watches } from './watches.js';

export interface ApiServerOptions {
  /**
   * What is on the server from the beginning, as it is: unchecked, with its status, and with its uid and times where it
   * has some. The namespaces of these objects are made as needed.
   */
  readonly objects?: readonly KubernetesObject[] | undefined;
  /** Default: real time. Names and uids are made from its random numbers. */
  readonly clock?: Clock | undefined;
  /**
   * How many changes the history keeps at least, for watches and lists that start in the past; twice as many at most.
   * Default: 10,000. A real server keeps those of the last five minutes.
   */
  readonly compactAfter?: number | undefined;
}

/** Lets a caller stop waiting: the promise rejects with `signal.reason`. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Kubernetes API server in memory, behind the transport seam: every client works against it unchanged, with its real
 * paths and real decoding.
 *
 * Clients share nothing with it: bytes go in, and bytes come out.
 */
export class ApiServer implements AsyncDisposable {
  /** Carries requests to this server in the same process. */
  readonly transport: Transport;
  readonly #cluster: Cluster;
  readonly #definitions: DefinitionController;
  readonly #watches: Watches = new Watches();
  readonly #endpoints: readonly Endpoint[];
  readonly #actions: ActionLog = new ActionLog();
  readonly #interceptors: Interceptors = new Interceptors();

  /** @throws TypeError when `objects` holds something that the server cannot have. */
  constructor(options: ApiServerOptions = {}) {
    const registry = new ResourceRegistry();
    registry.add(builtInResources(schema));
    this.#cluster = {
      store: new Store<StoredObject>({ keep: options.compactAfter }),
      registry,
      schema,
      clock: options.clock ?? realClock,
      check: schemaChecker(schema),
    };
    this.#endpoints = [
      healthEndpoint,
      discoveryEndpoint(registry),
      openApiEndpoint(registry),
      openApiV2Endpoint(registry),
    ];
    this.transport = inProcessTransport((request) => this.handle(request));
    this.#definitions = new DefinitionController(this.#cluster, (gone) => this.#watches.endOf(gone));
    seed(this.#cluster, this.#definitions, options.objects ?? []);
    // What was before the start is history that a server does not have.
    this.compact();
  }

  /** How clients reach this server, in process. */
  config(): Config {
    return { host: 'http://in-memory.invalid', transport: this.transport };
  }

  /**
   * Answers one request. Failures are answers, too: it rejects only with `signal.reason`, and with what an interceptor
   * threw.
   */
  async handle(request: ApiRequest): Promise<ApiResponse> {
    request.signal?.throwIfAborted();
    const path = parseResourcePath(request.url.pathname);
    const action = path && actionOf(request, path);
    if (action) this.#actions.record(action);
    const intercepted = action && this.#interceptors.size > 0 ? await this.#interceptors.answer(action) : undefined;
    const response = intercepted ?? answered(() => this.#route(request, path));
    this.#definitions.sync();
    // A response to HEAD has headers only.
    return request.method === 'HEAD' ? { ...response, body: textBody('') } : response;
  }

  /** Asks `interceptor` before requests about resources are handled; the newest one comes first. */
  intercept(interceptor: Interceptor): Disposable {
    return this.#interceptors.prepend(interceptor);
  }

  /** The requests about resources, oldest first; only the last 10,000 are kept. */
  actions(): readonly Action[] {
    return this.#actions.all();
  }

  clearActions(): void {
    this.#actions.clear();
  }

  /** Resolves when at least `n` watches on `resource` are open, whatever their version and namespace. */
  waitForWatch(resource: GroupResource, n = 1, options: WaitOptions = {}): Promise<void> {
    return this.#watches.until(() => this.#watches.count(resource) >= n, options.signal);
  }

  /**
   * Resolves when every event so far has been taken by its watcher, and whoever waits for it has had a turn. A watcher
   * that is open and no longer reads holds it up.
   */
  async delivered(options: WaitOptions = {}): Promise<void> {
    do {
      await this.#watches.until(() => this.#watches.idle, options.signal);
      await new Promise<void>((resolve) => realClock.setTimeout(resolve, 0));
    } while (!this.#watches.idle);
  }

  /** Ends all watches as a real server does: `expired` sends an ERROR event with 410, `eof` just closes. */
  closeWatches(how: 'expired' | 'eof'): void {
    this.#watches.end(how);
  }

  /** Forgets all history: watches and lists that start in the past get 410. */
  compact(): void {
    this.#cluster.store.compact();
  }

  /** Ends all watches. Requests in process fail from then on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watches.end('eof');
    await this.transport[Symbol.asyncDispose]();
  }

  #route(request: ApiRequest, path: ResourcePath | undefined): ApiResponse {
    for (const endpoint of this.#endpoints) {
      const response = endpoint(request);
      if (response) return response;
    }
    const { registry } = this.#cluster;
    const resource = path && registry.find(path, path.resource);
    if (path && resource) {
      const representations = metaRepresentations(this.#cluster.clock);
      return handleResource(
        { cluster: this.#cluster, watches: this.#watches, representations },
        request,
        path,
        resource,
      );
    }
    if (!isServedRoot(registry, request.url.pathname)) return unknownPath();
    throw this.#answersGet(request) ? notAllowed() : notServed();
  }

  /** Whether the path is that of a document, which can only be read. */
  #answersGet(request: ApiRequest): boolean {
    const read = { ...request, method: 'GET' };
    return request.method !== 'GET' && this.#endpoints.some((endpoint) => endpoint(read) !== undefined);
  }
}

/** Whether a path is below one that is served: only there is an unknown path answered with a `Status`. */
function isServedRoot(registry: ResourceRegistry, path: string): boolean {
  const [, root, group = ''] = path.split('/');
  if (root === 'apis') return registry.hasBuiltIn(group);
  return root === 'api' || root === 'version';
}
