import {
  type GetOptions,
  type KubernetesObject,
  type ListOptions,
  type PartialObjectMetadata,
  type ResourceDescriptor,
  type Table,
  type Watch,
  type WatchOptions,
} from '@client-ts/apimachinery';
import type { Request } from './request.js';
import { ResourceClient } from './resource-client.js';
import type { ResourceInterface } from './resource-interface.js';
import type { Sender } from './sender.js';
import { TableWatch, withColumns } from './table-watch.js';

const metadataType = { group: 'meta.k8s.io', version: 'v1', kind: 'PartialObjectMetadata' };

/**
 * The verbs of a resource, answered with metadata only: what garbage collectors, and whoever only counts or labels, need of
 * large objects. A server that does not know how gives the whole objects.
 *
 * @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources.
 */
export function metadataOnly(
  client: Sender,
  descriptor: ResourceDescriptor,
  namespace?: string,
): ResourceInterface<PartialObjectMetadata, never> {
  const asMetadata = adapted(client, (request) => {
    const { kind } = metadataType;
    // What answers a deletion is not read, and servers that delete a collection refuse to give it as one object.
    if (request.method === 'DELETE') return request;
    // What is written is a whole object.
    const type = request.method === 'GET' ? metadataType : undefined;
    return { ...request, type, as: { kind: isList(request) ? `${kind}List` : kind, orItself: true } };
  });
  return new ResourceClient(asMetadata, descriptor as ResourceDescriptor<PartialObjectMetadata, never>, namespace);
}

/**
 * What a server gives of an object that is asked for its metadata only: of whole objects, too, which is what servers give that do
 * not know how.
 *
 * @throws TypeError when it has no metadata.
 */
export function metadataOf({ metadata }: KubernetesObject): PartialObjectMetadata {
  if (typeof metadata !== 'object' || metadata === null)
    throw new TypeError('expected an object with metadata, and this has none');
  const { group, version, kind } = metadataType;
  return { apiVersion: `${group}/${version}`, kind, metadata };
}

/** How much of each object comes with its row. Default: its metadata. */
export interface TableOptions {
  includeObject?: 'None' | 'Metadata' | 'Object' | undefined;
}

/** The reading verbs of a resource, answered with tables. */
export interface TableInterface {
  get(name: string, options?: GetOptions & TableOptions): Promise<Table>;
  list(options?: ListOptions & TableOptions): Promise<Table>;
  /** Each event has the row of one object, and the columns, which the server says once. */
  watch(options?: WatchOptions & TableOptions): Watch<Table>;
}

/**
 * A resource as people want to see it, with the columns that `kubectl get` shows.
 *
 * Rejects as {@link ResourceClient} does; a server that cannot make tables refuses with `NotAcceptable`.
 *
 * @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources.
 */
export function asTable(client: Sender, descriptor: ResourceDescriptor, namespace?: string): TableInterface {
  const tables = ({ includeObject }: TableOptions = {}): ResourceClient<Table & KubernetesObject, never> => {
    const asked = adapted(client, (request) => ({
      ...request,
      type: undefined,
      as: { kind: 'Table', orItself: false },
      query: { ...request.query, includeObject },
    }));
    return new ResourceClient(asked, descriptor as ResourceDescriptor<Table & KubernetesObject, never>, namespace);
  };
  return {
    get: async (name, options) => withColumns(await tables(options).get(name, options)),
    async list(options) {
      // A table is a list with rows in the place of items.
      const { items: _, ...table } = await tables(options).list(options);
      return withColumns(table as unknown as Table);
    },
    watch: (options) => new TableWatch(tables(options).watch(options)),
  };
}

/** A sender whose requests are changed before they are sent. */
function adapted(client: Sender, adapt: (request: Request) => Request): Sender {
  return {
    clock: client.clock,
    timeoutMs: client.timeoutMs,
    json: (request, options) => client.json(adapt(request), options),
    read: (request, options, read) => client.read(adapt(request), options, read),
    codecOf: (response) => client.codecOf(response),
    fallBack: (request, error) => client.fallBack(adapt(request), error),
    send: (request, options) => client.send(adapt(request), options),
  };
}

/** Lists have a kind of their own; events of a watch have that of objects. */
function isList({ method, target, query }: Request): boolean {
  return method === 'GET' && typeof target === 'object' && target.name === undefined && query?.['watch'] === undefined;
}
