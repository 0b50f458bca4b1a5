import { newBadRequest, newStatusError } from '@client-ts/apimachinery/errors';
import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ApiRequest, ApiResponse } from './api-request.js';
import { textResponse } from './api-response.js';
import type { Cluster } from './cluster.js';
import type { Presenter } from './presenter.js';
import type { ResourcePath } from './resource-path.js';
import type { ServedResource, ServedSubresource } from './resource-registry.js';
import type { StoredObject } from './stored-object.js';
import type { Watches } from './watches.js';

/** One request about a resource that is served. */
export interface Call {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly request: ApiRequest;
  readonly path: ResourcePath;
  readonly resource: ServedResource;
  /** Present when the path names one. */
  readonly subresource: ServedSubresource | undefined;
  readonly presenter: Presenter;
}

/** Answers a request. Failures are thrown as `StatusError`. */
export type Handler = (call: Call) => ApiResponse;

/** A name on the URL and another one in the body are a mistake. @throws StatusError 400 */
export function requireSameName({ path }: Call, { metadata }: KubernetesObject): void {
  const name = metadata?.name ?? '';
  if (name === '') {
    throw newBadRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== path.name) {
    throw newBadRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
}

/** @throws StatusError 400 */
export function requireSameNamespace({ path, resource }: Call, { metadata }: KubernetesObject): void {
  if (resource.scope === 'Cluster' || !metadata?.namespace || metadata.namespace === path.namespace) return;
  throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** An answer with one object. */
export function objectResponse(
  { resource, presenter }: Call,
  status: number,
  stored: StoredObject,
  warnings: readonly string[] = [],
): ApiResponse {
  return textResponse(status, presenter.contentType, presenter.object(resource, stored), warningHeaders(warnings));
}

/** Warnings as HTTP carries them (RFC 7234 §5.5), without an agent, as a real server's. */
export function warningLines(warnings: readonly string[]): string[] {
  // A header is one line, whatever a hostile field name contains.
  return warnings.map((text) => `299 - "${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/\p{Cc}/gu, ' ')}"`);
}

export function warningHeaders(warnings: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return warnings.length === 0 ? {} : { warning: warningLines(warnings) };
}

export function notServed(): Error {
  return newStatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function notAllowed(): Error {
  const message = 'the server does not allow this method on the requested resource';
  return newStatusError(405, 'MethodNotAllowed', message, {});
}
