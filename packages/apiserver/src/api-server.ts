import { schema } from '@client-ts/api/schema';
import { type Clock, type GroupResource, type KubernetesObject, realClock } from '@client-ts/apimachinery';
import type { Config, Transport } from '@client-ts/rest';
import { type Action, ActionLog } from './action-log.js';
import type { ApiRequest, ApiResponse, Endpoint } from './api-request.js';
import { textResponse, unknownPath } from './api-response.js';
import { builtInResources } from './built-in-resources.js';
import type { Cluster } from './cluster.js';
import { DefinitionController } from './custom-resources/definition-controller.js';
import { discoveryEndpoint } from './discovery/discovery-endpoint.js';
import { answered } from './failure-response.js';
import { healthEndpoint } from './health.js';
import { inProcessTransport } from './in-process-transport.js';
import { notAllowed, notServed } from './call.js';
import { handleResource } from './resource-handler.js';
import { parseResourcePath } from './resource-path.js';
import { openApiEndpoint } from './openapi/openapi-endpoint.js';
import { ResourceRegistry } from './resource-registry.js';
import { seed } from './seed.js';
import { Store } from './storage/store.js';
import type { StoredObject } from './stored-object.js';
import { metaRepresentations } from './table/representations.js';
import { schemaChecker } from './validation/schema-checker.js';
import { Watches } from './watches.js';

export interface ApiServerOptions {
  /** What is on the server from the beginning; namespaces of these objects are made as needed. */
  readonly objects?: readonly KubernetesObject[] | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
  /**
   * How many changes the history keeps at least, for watches and lists that start in the past. Default: 10,000; a real
   * server keeps those of the last five minutes.
   */
  readonly compactAfter?: number | undefined;
}

/** An API server in memory, behind the transport seam: every client works against it unchanged. */
export class ApiServer implements AsyncDisposable {
  readonly transport: Transport;
  readonly #cluster: Cluster;
  readonly #definitions: DefinitionController;
  readonly #watches: Watches = new Watches();
  readonly #endpoints: readonly Endpoint[];
  readonly #actions: ActionLog = new ActionLog();

  constructor(options: ApiServerOptions = {}) {
    const registry = new ResourceRegistry();
    registry.add(builtInResources());
    this.#cluster = {
      store: new Store<StoredObject>({ keep: options.compactAfter }),
      registry,
      schema,
      clock: options.clock ?? realClock,
      check: schemaChecker(schema),
    };
    this.#endpoints = [healthEndpoint, discoveryEndpoint(registry), openApiEndpoint(registry)];
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

  /** Answers one request. Failures are answers too: it rejects only with `signal.reason`. */
  async handle(request: ApiRequest): Promise<ApiResponse> {
    request.signal?.throwIfAborted();
    const response = this.#answer(request);
    // A response to HEAD has headers only.
    return request.method === 'HEAD' ? { ...response, body: textResponse(0, '', '').body } : response;
  }

  /** The requests for resources, oldest first; only the last ones are kept. */
  actions(): readonly Action[] {
    return this.#actions.all();
  }

  /** Resolves when at least `n` watches on `resource` are open. */
  waitForWatch(resource: GroupResource, n = 1, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#watches.until(() => this.#watches.count(resource) >= n, options.signal);
  }

  /** Resolves when every event so far has been taken by its watcher, and whoever waits for it has had a turn. */
  async delivered(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    do {
      await this.#watches.until(() => this.#watches.idle, options.signal);
      await new Promise<void>((resolve) => realClock.setTimeout(resolve, 0));
    } while (!this.#watches.idle);
  }

  /** Ends all watches as a real server does: `expired` sends 410, `eof` just closes. */
  closeWatches(how: 'expired' | 'eof'): void {
    this.#watches.end(how);
  }

  /** Forgets all history: watches and lists that start in the past get 410. */
  compact(): void {
    this.#cluster.store.compact();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watches.end('eof');
    await this.transport[Symbol.asyncDispose]();
  }

  #answer(request: ApiRequest): ApiResponse {
    const response = answered(() => this.#route(request));
    this.#definitions.sync();
    return response;
  }

  #route(request: ApiRequest): ApiResponse {
    for (const endpoint of this.#endpoints) {
      const response = endpoint(request);
      if (response) return response;
    }
    const { registry } = this.#cluster;
    const { pathname } = request.url;
    const path = parseResourcePath(pathname);
    const resource = path && registry.find(path, path.resource);
    if (!resource && !isServedRoot(registry, pathname)) return unknownPath();
    if (!path || !resource) throw this.#answersGet(request) ? notAllowed() : notServed();
    this.#actions.record(request, path);
    return handleResource(
      { cluster: this.#cluster, watches: this.#watches, representations: metaRepresentations(this.#cluster.clock) },
      request,
      path,
      resource,
    );
  }

  /** Whether the path is that of a document, which can only be read. */
  #answersGet(request: ApiRequest): boolean {
    const read = { ...request, method: 'GET' };
    return request.method !== 'GET' && this.#endpoints.some((endpoint) => endpoint(read) !== undefined);
  }
}

/** Whether a path is below one that is served: only there is an unknown path answered with a `Status`. */
function isServedRoot(registry: ResourceRegistry, path: string): boolean {
  const [, root, group] = path.split('/');
  if (root === 'apis') return registry.hasBuiltIn(group ?? '');
  return root === 'api' || root === 'version';
}
