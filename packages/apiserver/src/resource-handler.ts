import { newMethodNotSupported, newNotFound } from '@client-ts/apimachinery/errors';
import { type ApiRequest, type ApiResponse, headerOf } from './api-request.js';
import { unknownPath } from './api-response.js';
import { type Handler, notAllowed, notServed, warningLines } from './call.js';
import type { Cluster } from './cluster.js';
import { deprecationOf } from './deprecations.js';
import { answered } from './failure-response.js';
import { presenterFor } from './presenter.js';
import type { Representations } from './representation.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedResource, ServedSubresource } from './resource-registry.js';
import { subresourceHandler, virtualHandler } from './subresources/subresource-handler.js';
import { type Verb, verbOf } from './verb.js';
import { get, list, watch } from './verbs/read-verbs.js';
import { deleteCollection, remove } from './verbs/delete-verbs.js';
import { create, patch, update } from './verbs/write-verbs.js';
import type { Watches } from './watches.js';

export interface Environment {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly representations: Representations;
}

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

/** Answers a request about a resource that is served. Failures are answers, too. */
export function handleResource(
  environment: Environment,
  request: ApiRequest,
  path: ResourcePath,
  resource: ServedResource,
): ApiResponse {
  if (resource.custom && !isInScope(path, resource)) return unknownPath();
  const response = answered(() => handle(environment, request, path, resource));
  const warning = deprecationOf(resource);
  if (warning === undefined) return response;
  const others = [response.headers['warning'] ?? []].flat();
  return { ...response, headers: { ...response.headers, warning: [...others, ...warningLines([warning])] } };
}

function handle(
  { cluster, watches, representations }: Environment,
  request: ApiRequest,
  path: ResourcePath,
  resource: ServedResource,
): ApiResponse {
  if (!isInScope(path, resource)) throw notServed();
  const verb = verbOf(request, path);
  const subresource = subresourceOf(path, resource);
  if (!verb || !(subresource ?? resource).verbs.includes(verb)) {
    throw resource.custom && verb ? newMethodNotSupported(resource, verb) : notAllowed();
  }
  const everywhere = resource.scope === 'Namespaced' && path.namespace === '';
  if (everywhere && verb !== 'list' && verb !== 'watch') throw notAllowed();
  const presenter = presenterFor(headerOf(request, 'accept'), representations, request.url.searchParams);
  const answer = subresource
    ? subresourceHandler(subresource.name, verb)
    : (virtualHandler(resource, verb) ?? Verbs[verb]);
  return answer({ cluster, watches, request, path, resource, subresource, presenter });
}

function subresourceOf(
  { name, subresource, rest }: ResourcePath,
  resource: ServedResource,
): ServedSubresource | undefined {
  if (subresource === '') return undefined;
  const served = resource.served.find((candidate) => candidate.name === subresource);
  if (served && (rest === '' || subresource === 'proxy')) return served;
  throw resource.custom ? newNotFound(resource, name) : notServed();
}

/** Whether the path of a request can be one of the resource: objects of a namespace are named with it. */
function isInScope(path: ResourcePath, { scope }: ServedResource): boolean {
  return scope === 'Cluster' ? path.namespace === '' : path.namespace !== '' || path.name === '';
}
