import { type ApiRequest, type ApiResponse, headerOf } from './api-request.js';
import { type Call, type Handler, notAllowed, notServed } from './call.js';
import type { Cluster } from './cluster.js';
import { presenterFor } from './presenter.js';
import { flag } from './query.js';
import type { Representations } from './representation.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedResource } from './resource-registry.js';
import { subresourceHandler } from './subresources/subresource-handler.js';
import { get, list, watch } from './verbs/read-verbs.js';
import { create, deleteCollection, patch, remove, update } from './verbs/write-verbs.js';
import type { Watches } from './watches.js';

export interface Environment {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly representations: Representations;
}

/** The verbs of a resource, as discovery names them. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

const Verbs: Readonly<Record<Verb, Handler>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: deleteCollection,
};

/** The verb that a method means for an object or a subresource. */
const ObjectMethods: Readonly<Record<string, Verb>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Answers a request about a resource that is served. */
export function handleResource(
  { cluster, watches, representations }: Environment,
  request: ApiRequest,
  path: ResourcePath,
  resource: ServedResource,
): ApiResponse {
  requireScope(path, resource);
  const verb = verbOf(request, path);
  const subresource = resource.served.find(({ name }) => name === path.subresource);
  if (path.subresource !== '' && (!subresource || (path.rest !== '' && subresource.name !== 'proxy')))
    throw notServed();
  if (!verb || !(subresource ?? resource).verbs.includes(verb)) throw notAllowed();
  const everywhere = resource.scope === 'Namespaced' && path.namespace === '';
  if (everywhere && verb !== 'list' && verb !== 'watch') throw notAllowed();
  const presenter = presenterFor(headerOf(request, 'accept'), representations, request.url.searchParams);
  const call: Call = { cluster, watches, request, path, resource, subresource, presenter };
  const handle = subresource ? subresourceHandler(subresource.name, verb) : Verbs[verb];
  return handle(call);
}

/** What a request asks for; `undefined` for a method that means nothing there. */
export function verbOf({ method, url }: ApiRequest, path: ResourcePath): Verb | undefined {
  if (path.watch) return method === 'GET' ? 'watch' : undefined;
  if (path.name !== '') return path.subresource === '' && method === 'POST' ? undefined : ObjectMethods[method];
  switch (method) {
    case 'GET':
      return flag(url.searchParams, 'watch') ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'DELETE':
      return 'deletecollection';
    default:
      return undefined;
  }
}

/** @throws StatusError 404 for an object of a namespace named without it, and the other way round. */
function requireScope(path: ResourcePath, { scope }: ServedResource): void {
  if (scope === 'Cluster' ? path.namespace !== '' : path.namespace === '' && path.name !== '') throw notServed();
}
