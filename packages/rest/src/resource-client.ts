import {
  type ApplyOptions,
  type CreateOptions,
  type DeleteOptions,
  formatGroupVersion,
  type GetOptions,
  type GroupVersionKind,
  type ItemStream,
  type KubernetesList,
  type KubernetesObject,
  type ListOrigin,
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
import type { SuccessStatus } from '@client-ts/apimachinery/errors';
import { applyBody } from './apply-body.js';
import { readBytes } from './read-body.js';
import { collectionOf } from './collection.js';
import { ListWatchClient } from './list-watch-client.js';
import { listQuery, writeQuery } from './query.js';
import { describeRequest, type Request, RequestError, type ResourceTarget } from './request.js';
import type { ResourceInterface, StatusInterface } from './resource-interface.js';
import type { Sender } from './sender.js';

const PatchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** The verbs, written once for every resource there is. */
export class ResourceClient<T extends KubernetesObject, A> implements ResourceInterface<T, A>, StatusInterface<T, A> {
  readonly #client: Sender;
  readonly #descriptor: ResourceDescriptor<T, A>;
  readonly #collection: ResourceTarget;
  readonly #apiVersion: string;

  /**
   * @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources.
   * @throws RequestError when a namespaced resource is given none, or a cluster-scoped one is given one.
   */
  constructor(client: Sender, descriptor: ResourceDescriptor<T, A>, namespace?: string) {
    this.#client = client;
    this.#descriptor = descriptor;
    this.#collection = collectionOf(descriptor, namespace);
    this.#apiVersion = formatGroupVersion(descriptor);
  }

  get(name: string, options: GetOptions = {}): Promise<T> {
    const { subresource, resourceVersion } = options;
    const target = this.#target(name, subresource);
    return this.#object(
      { method: 'GET', target, type: this.#typeOf(subresource), query: { resourceVersion } },
      options,
    );
  }

  list(options?: ListOptions): Promise<KubernetesList<T>> {
    return this.#objects().list(options);
  }

  listItems(options?: ListOptions): ItemStream<T> {
    return this.#objects().listItems(options);
  }

  watch(options?: WatchOptions): Watch<T> {
    return this.#objects().watch(options);
  }

  get origin(): ListOrigin {
    return this.#objects().origin;
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
    return this.#write('PATCH', target, applyBody(object), options, headers, { force: options.force });
  }

  applyStatus(configuration: A, options: ApplyOptions): Promise<T> {
    return this.apply(configuration, { ...options, subresource: 'status' });
  }

  async delete(name: string, options: DeleteOptions = {}): Promise<T | SuccessStatus> {
    const request: Request = { method: 'DELETE', target: this.#target(name), body: deleteBody(options) };
    const answer = await this.#client.json<T | SuccessStatus | undefined>(request, options);
    // Not all servers say more than that it went well.
    return answer ?? { apiVersion: 'v1', kind: 'Status', status: 'Success' };
  }

  async deleteCollection(options: DeleteOptions = {}, listOptions: ListOptions = {}): Promise<void> {
    const query = listQuery(listOptions);
    await this.#client.json({ method: 'DELETE', target: this.#target(), query, body: deleteBody(options) }, options);
  }

  #objects(): ListWatchClient<T> {
    return new ListWatchClient<T>(this.#client, this.#collection, this.#descriptor, (codec) => codec);
  }

  /** What is read from a subresource may be of any kind, but for the status. */
  #typeOf(subresource: string | undefined): GroupVersionKind | undefined {
    return subresource === undefined || subresource === 'status' ? this.#descriptor : undefined;
  }

  #target(name?: string, subresource?: string): ResourceTarget {
    // Not by spreading, which takes several times as long.
    const { group, version, resource, namespace } = this.#collection;
    return { group, version, resource, namespace, name, subresource };
  }

  #write(
    method: 'POST' | 'PUT' | 'PATCH',
    target: ResourceTarget,
    body: unknown,
    options: WriteOptions,
    headers?: Record<string, string>,
    query?: Request['query'],
  ): Promise<T> {
    const type =
      headers === undefined && this.#isTyped(body as KubernetesObject) ? this.#typeOf(options.subresource) : undefined;
    const request = {
      method,
      target,
      headers,
      type,
      body: body as object | string,
      query: { ...writeQuery(options), ...query },
    };
    return this.#object(request, options);
  }

  #isTyped({ apiVersion, kind }: KubernetesObject): boolean {
    return apiVersion === this.#apiVersion && kind === this.#descriptor.kind;
  }

  #object(request: Request, options: RequestOptions): Promise<T> {
    return this.#client.read(request, options, async (response) => {
      const bytes = await readBytes(response.body);
      return this.#client
        .codecOf(response)
        .decode(bytes, { what: describeRequest(request), type: this.#descriptor }) as T;
    });
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
