import type { KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newStatusError } from '@client-ts/apimachinery/errors';
import { newNotFound } from '@client-ts/apimachinery/errors';
import { type ApiRequest, type ApiResponse, headerOf } from './api-request.js';
import { textResponse } from './api-response.js';
import { bodyText, decodeObject } from './body.js';
import { type Cluster, collectionOf, keyOf } from './cluster.js';
import { decodePatch } from './patch-body.js';
import { type Presenter, presenterFor } from './presenter.js';
import { flag, listQuery } from './query.js';
import { listObjects } from './reads/list-objects.js';
import { requireReached, revisionOf, uncoded } from './reads/requested-revision.js';
import { watchStart } from './reads/watch-start.js';
import { WatchStream } from './reads/watch-stream.js';
import type { Representations } from './representation.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedResource } from './resource-registry.js';
import { selectionOf } from './selection.js';
import type { StoredObject } from './stored-object.js';
import type { Watches } from './watches.js';
import { createObject } from './writes/create-object.js';
import { deleteObject } from './writes/delete-object.js';
import { deleteOptions } from './writes/delete-options.js';
import { updateObject } from './writes/update-object.js';
import type { WriteContext } from './writes/write-context.js';

export interface Environment {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly representations: Representations;
}

/** One request about a resource. */
interface Call {
  readonly environment: Environment;
  readonly request: ApiRequest;
  readonly path: ResourcePath;
  readonly resource: ServedResource;
  readonly presenter: Presenter;
}

/** A watch without `timeoutSeconds` lasts this long, and up to twice as long: many watches then end at many times. */
const MinWatchMs = 30 * 60_000;

/** Answers a request about a resource that is served. */
export function handleResource(
  environment: Environment,
  request: ApiRequest,
  path: ResourcePath,
  resource: ServedResource,
): ApiResponse {
  const { searchParams } = request.url;
  const presenter = presenterFor(headerOf(request, 'accept'), environment.representations, searchParams);
  const call: Call = { environment, request, path, resource, presenter };
  if (path.name === '') return handleCollection(call);
  if (path.subresource === '' || path.subresource === 'status') return handleObject(call);
  throw notServed();
}

function handleCollection(call: Call): ApiResponse {
  const { request, path, resource } = call;
  switch (request.method) {
    case 'GET':
      return path.watch || flag(request.url.searchParams, 'watch') ? watch(call) : list(call);
    case 'POST':
      if (resource.scope === 'Namespaced' && path.namespace === '') throw notAllowed();
      return create(call);
    case 'DELETE':
      if (!resource.verbs.includes('deletecollection')) throw notAllowed();
      return deleteCollection(call);
    default:
      throw notAllowed();
  }
}

function handleObject(call: Call): ApiResponse {
  const { request, path } = call;
  switch (request.method) {
    case 'GET':
      return get(call);
    case 'PUT':
      return put(call);
    case 'PATCH':
      return patch(call);
    case 'DELETE':
      if (path.subresource !== '') throw notAllowed();
      return remove(call);
    default:
      throw notAllowed();
  }
}

function get({ environment, request, path, resource, presenter }: Call): ApiResponse {
  const collection = collectionOf(environment.cluster, resource);
  const version = request.url.searchParams.get('resourceVersion') ?? '';
  requireReached(version, revisionOf(version, uncoded), collection.revision);
  const stored = collection.get(keyOf(resource, path.namespace, path.name))?.value;
  if (!stored) throw newNotFound(resource, path.name);
  return objectResponse(200, resource, presenter, stored);
}

function list({ environment, request, path, resource, presenter }: Call): ApiResponse {
  const query = listQuery(request.url.searchParams, false);
  const listed = listObjects(environment.cluster, resource, path.namespace, query);
  return { status: 200, headers: { 'content-type': presenter.contentType }, body: presenter.list(resource, listed) };
}

function watch({ environment, request, path, resource, presenter }: Call): ApiResponse {
  const { cluster, watches } = environment;
  const query = listQuery(request.url.searchParams, true);
  const selection = selectionOf(resource, path.namespace, query);
  const body = new WatchStream({
    resource,
    selection,
    presenter,
    collection: collectionOf(cluster, resource),
    start: watchStart(cluster, resource, selection, query),
    clock: cluster.clock,
    timeoutMs: query.timeoutSeconds ? query.timeoutSeconds * 1000 : MinWatchMs * (1 + cluster.clock.random()),
    bookmarks: query.allowWatchBookmarks,
    signal: request.signal,
    onClose: (stream) => watches.delete(stream),
    onIdle: watches.changed,
  });
  watches.add(body);
  return { status: 200, headers: { 'content-type': presenter.contentType }, body };
}

function create(call: Call): ApiResponse {
  const { request, path, resource, presenter } = call;
  const { object } = decodeObject(request, resource);
  requireSameNamespace(path, object);
  const context = writeContext(call, request.url.searchParams.getAll('dryRun'));
  return objectResponse(201, resource, presenter, createObject(context, object), context.warnings);
}

function put(call: Call): ApiResponse {
  const { request, path, resource, presenter } = call;
  const { object } = decodeObject(request, resource);
  const name = object.metadata?.name ?? '';
  if (name === '') {
    throw newBadRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== path.name) {
    throw newBadRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
  requireSameNamespace(path, object);
  const context = writeContext(call, request.url.searchParams.getAll('dryRun'));
  const sent = { ...object, metadata: { ...object.metadata, ...namespaceField(path) } };
  const { stored, created } = updateObject(context, { name, desired: () => sent, create: sent });
  return objectResponse(created ? 201 : 200, resource, presenter, stored, context.warnings);
}

function patch(call: Call): ApiResponse {
  const { request, path, resource, presenter } = call;
  const desired = decodePatch(request, resource);
  const context = writeContext(call, request.url.searchParams.getAll('dryRun'));
  const { stored } = updateObject(context, { name: path.name, desired });
  return objectResponse(200, resource, presenter, stored, context.warnings);
}

function remove(call: Call): ApiResponse {
  const { request, path, resource, presenter } = call;
  const options = deleteOptions(deleteBody(request), request.url.searchParams);
  const context = writeContext(call, options.dryRun ?? []);
  const { stored, gone } = deleteObject(context, path.name, options);
  if (!gone) return objectResponse(200, resource, presenter, stored);
  const details = {
    name: path.name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.resource,
    uid: stored.object.metadata?.uid,
  };
  return textResponse(
    200,
    'application/json',
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }),
  );
}

function deleteCollection(call: Call): ApiResponse {
  const { environment, request, path, resource, presenter } = call;
  const { searchParams } = request.url;
  const options = deleteOptions(deleteBody(request), searchParams);
  const context = writeContext(call, options.dryRun ?? []);
  const listed = listObjects(environment.cluster, resource, path.namespace, listQuery(searchParams, false));
  for (const { object } of listed.items) {
    const namespace = object.metadata?.namespace ?? '';
    deleteObject({ ...context, namespace }, object.metadata?.name ?? '', options);
  }
  return { status: 200, headers: { 'content-type': presenter.contentType }, body: presenter.list(resource, listed) };
}

function deleteBody(request: ApiRequest): unknown {
  if (!request.body || bodyText(request) === '') return undefined;
  return decodeObject(request, { group: '', version: 'v1', kind: 'DeleteOptions' }).object;
}

function writeContext({ environment, request, path, resource }: Call, dryRun: readonly string[]): WriteContext {
  const fieldValidation = request.url.searchParams.get('fieldValidation') ?? 'Warn';
  return {
    cluster: environment.cluster,
    resource,
    namespace: path.namespace,
    subresource: path.subresource,
    dryRun: dryRun.includes('All'),
    fieldValidation: fieldValidation as WriteContext['fieldValidation'],
    warnings: [],
  };
}

function namespaceField({ namespace }: ResourcePath): { namespace?: string } {
  return namespace === '' ? {} : { namespace };
}

function requireSameNamespace({ namespace }: ResourcePath, { metadata }: KubernetesObject): void {
  if (metadata?.namespace && metadata.namespace !== namespace) {
    throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function objectResponse(
  status: number,
  resource: ServedResource,
  presenter: Presenter,
  stored: StoredObject,
  warnings: readonly string[] = [],
): ApiResponse {
  const headers = warnings.length === 0 ? {} : { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`) };
  return textResponse(status, presenter.contentType, presenter.object(resource, stored), headers);
}

export function notServed(): Error {
  return newStatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function notAllowed(): Error {
  const message = 'the server does not allow this method on the requested resource';
  return newStatusError(405, 'MethodNotAllowed', message, {});
}
