import type { GroupVersionResource } from '@client-ts/apimachinery';
import type { ApiRequest } from './api-request.js';
import type { ResourcePath } from './resource-path.js';
import { type Verb, verbOf } from './verb.js';

/** One request about a resource, as client-go's fakes see it. */
export interface Action {
  readonly verb: Verb;
  readonly resource: GroupVersionResource;
  /** Empty for resources of the whole cluster, and for requests about all namespaces. */
  readonly namespace: string;
  /** Empty for a whole collection. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** What was sent: parsed where it is JSON, else as text; `undefined` when nothing was. A new copy each time. */
  readonly body: unknown;
}

/** `undefined` for a method that means nothing there. */
export function actionOf(request: ApiRequest, path: ResourcePath): Action | undefined {
  const verb = verbOf(request, path);
  if (!verb) return undefined;
  const { group, version, resource, namespace, name, subresource } = path;
  const { body } = request;
  return {
    verb,
    resource: { group, version, resource },
    namespace,
    name,
    subresource,
    get body() {
      return parsed(body);
    },
  };
}

function parsed(body: ApiRequest['body']): unknown {
  if (!body?.length) return undefined;
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
