import {
  type ApplyOptions,
  type CreateOptions,
  type DeleteOptions,
  formatGroupResource,
  formatGroupVersion,
  type GetOptions,
  type ItemStream,
  type KubernetesList,
  type KubernetesObject,
  type ListOptions,
  type Patch,
  type PatchOptions,
  type RequestOptions,
  type ResourceDescriptor,
  type UpdateOptions,
  type Watch,
  type WatchOptions,
  type WriteOptions,
} from '@client-ts/apimachinery';
import { type BodyDecoder, BodyStream } from './body-stream.js';
import { expectObject } from './decode-json.js';
import { ListDecoder } from './list-decoder.js';
import { listQuery, watchQuery, writeQuery } from './query.js';
import { describeRequest, type Request, RequestError, type ResourceTarget } from './request.js';
import type { ResourceInterface, StatusInterface } from './resource-interface.js';
import type { Sender } from './sender.js';
import { WatchDecoder } from './watch-decoder.js';

const PatchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** The verbs, written once for every resource there is. */
export class ResourceClient<T extends KubernetesObject, A> implements ResourceInterface<T, A>, StatusInterface<T, A> {
  readonly #client: Sender;
  readonly #descriptor: ResourceDescriptor<T, A>;
  readonly #namespace: string | undefined;
  readonly #apiVersion: string;

  /**
   * @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources.
   * @throws RequestError when a namespaced resource is given none, or a cluster-scoped one is given one.
   */
  constructor(client: Sender, descriptor: ResourceDescriptor<T, A>, namespace?: string) {
    const { scope, resource } = descriptor;
    if (scope === 'Cluster' && namespace)
      throw new RequestError(`${resource} are not namespaced, got namespace ${JSON.stringify(namespace)}`);
    if (scope === 'Namespaced' && namespace === undefined)
      throw new RequestError(`${resource} are namespaced: a namespace, or NamespaceAll, is needed`);
    this.#client = client;
    this.#descriptor = descriptor;
    this.#namespace = scope === 'Cluster' ? undefined : namespace;
    this.#apiVersion = formatGroupVersion(descriptor);
  }

  async get(name: string, options: GetOptions = {}): Promise<T> {
    const { subresource, resourceVersion } = options;
    return this.#object(
      { method: 'GET', target: this.#target(name, subresource), query: { resourceVersion } },
      options,
    );
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<T>> {
    const request = this.#listRequest(options);
    return this.#client.read(request, options, async (response) => {
      const decoder = this.#listDecoder(request, options);
      const { clock } = this.#client;
      const items: T[] = [];
      const stream = new BodyStream(() => Promise.resolve(response), decoder, { what: 'list', clock });
      for await (const item of stream) items.push(item);
      return Object.assign(decoder.list!, { items });
    });
  }

  listItems(options: ListOptions = {}): ItemStream<T> {
    const request = this.#listRequest(options);
    const decoder = this.#listDecoder(request, options);
    const { timeoutMs = this.#client.timeoutMs } = options;
    const what = `list ${formatGroupResource(this.#descriptor)}`;
    const stream = this.#stream(what, request, decoder, { ...options, timeoutMs });
    return {
      get list() {
        return decoder.list;
      },
      [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
      [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    };
  }

  watch(options: WatchOptions = {}): Watch<T> {
    const request: Request = { method: 'GET', target: this.#target(), query: watchQuery(options) };
    const what = `watch ${formatGroupResource(this.#descriptor)}`;
    return this.#stream(what, request, new WatchDecoder<T>(what, options), options, true);
  }

  async create(object: T, options: CreateOptions = {}): Promise<T> {
    const name = options.subresource === undefined ? undefined : nameOf(object);
    return this.#write('POST', this.#target(name, options.subresource), this.#typed(object), options);
  }

  async update(object: T, options: UpdateOptions = {}): Promise<T> {
    return this.#write('PUT', this.#target(nameOf(object), options.subresource), this.#typed(object), options);
  }

  updateStatus(object: T, options: UpdateOptions = {}): Promise<T> {
    return this.update(object, { ...options, subresource: 'status' });
  }

  async patch(name: string, patch: Patch, options: PatchOptions = {}): Promise<T> {
    const target = this.#target(name, options.subresource);
    const body = patch.type === 'json' ? patch.ops : patch.patch;
    return this.#write('PATCH', target, body, options, { 'content-type': PatchTypes[patch.type] });
  }

  async apply(configuration: A, options: ApplyOptions): Promise<T> {
    const object = this.#typed(configuration as KubernetesObject);
    if (object.metadata?.managedFields !== undefined) {
      throw new RequestError(
        'apply: metadata.managedFields must not be set: they are what the server makes of this call',
      );
    }
    const target = this.#target(nameOf(object), options.subresource);
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    return this.#write('PATCH', target, object, options, headers, { force: options.force });
  }

  applyStatus(configuration: A, options: ApplyOptions): Promise<T> {
    return this.apply(configuration, { ...options, subresource: 'status' });
  }

  async delete(name: string, options: DeleteOptions = {}): Promise<void> {
    await this.#client.json({ method: 'DELETE', target: this.#target(name), body: deleteBody(options) }, options);
  }

  async deleteCollection(options: DeleteOptions = {}, listOptions: ListOptions = {}): Promise<void> {
    const query = listQuery(listOptions);
    await this.#client.json({ method: 'DELETE', target: this.#target(), query, body: deleteBody(options) }, options);
  }

  #listRequest(options: ListOptions): Request {
    return { method: 'GET', target: this.#target(), query: listQuery(options) };
  }

  #listDecoder(request: Request, { dropManagedFields }: ListOptions): ListDecoder<T> {
    const { kind } = this.#descriptor;
    return new ListDecoder({ what: describeRequest(request), apiVersion: this.#apiVersion, kind, dropManagedFields });
  }

  #stream<V>(
    what: string,
    request: Request,
    decoder: BodyDecoder<V>,
    { signal, timeoutMs, onWarning, onRetry }: RequestOptions,
    longRunning = false,
  ): BodyStream<V> {
    const { clock } = this.#client;
    return new BodyStream(
      (signal) => this.#client.send(request, { signal, onWarning, onRetry, longRunning }),
      decoder,
      {
        what,
        clock,
        signal,
        timeoutMs,
      },
    );
  }

  #target(name?: string, subresource?: string): ResourceTarget {
    const { group, version, resource } = this.#descriptor;
    return { group, version, resource, namespace: this.#namespace, name, subresource };
  }

  #write(
    method: 'POST' | 'PUT' | 'PATCH',
    target: ResourceTarget,
    body: unknown,
    options: WriteOptions,
    headers?: Record<string, string>,
    query?: Request['query'],
  ): Promise<T> {
    const request = { method, target, headers, body: body as object, query: { ...writeQuery(options), ...query } };
    return this.#object(request, options);
  }

  async #object(request: Request, options: RequestOptions): Promise<T> {
    const object = expectObject(describeRequest(request), await this.#client.json<unknown>(request, options)) as T;
    object.apiVersion ??= this.#apiVersion;
    object.kind ??= this.#descriptor.kind;
    return object;
  }

  /** The object with its type, unless it has one: what goes to a subresource may be of another. */
  #typed<O extends KubernetesObject>(object: O): O {
    const { apiVersion = this.#apiVersion, kind = this.#descriptor.kind, ...rest } = object;
    return { apiVersion, ...(kind === '' ? {} : { kind }), ...rest } as O;
  }
}

function nameOf(object: KubernetesObject): string {
  const name = object.metadata?.name;
  if (!name) throw new RequestError('name is required: metadata.name may not be empty');
  return name;
}

function deleteBody(options: DeleteOptions): object {
  // What remains beside the fields of the body are functions, and those are not sent.
  const { signal: _, timeoutMs: __, dryRun, ...body } = options;
  return { apiVersion: 'v1', kind: 'DeleteOptions', ...body, dryRun: dryRun ? ['All'] : undefined };
}
