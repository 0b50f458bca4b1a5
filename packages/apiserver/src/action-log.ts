import type { GroupVersionResource } from '@client-ts/apimachinery';
import type { ApiRequest } from './api-request.js';
import { type Verb, verbOf } from './verb.js';
import type { ResourcePath } from './resource-path.js';

/** One request about a resource, as client-go's fakes record it. */
export interface Action {
  readonly verb: Verb;
  readonly resource: GroupVersionResource;
  /** Empty for resources of the whole cluster, and for requests about all namespaces. */
  readonly namespace: string;
  /** Empty for a whole collection. */
  readonly name: string;
  readonly subresource: string;
  /** What was sent, as text or bytes; `undefined` when nothing was. */
  readonly body: unknown;
}

/** How many actions are kept. */
const MaxActions = 10_000;

/** The last requests, oldest first. */
export class ActionLog {
  #actions: Action[] = [];

  record(request: ApiRequest, path: ResourcePath): void {
    const verb = verbOf(request, path);
    if (!verb) return;
    const { group, version, resource, namespace, name, subresource } = path;
    const body = parsed(request.body);
    this.#actions.push({ verb, resource: { group, version, resource }, namespace, name, subresource, body });
    if (this.#actions.length >= 2 * MaxActions) this.#actions = this.#actions.slice(-MaxActions);
  }

  all(): readonly Action[] {
    return this.#actions.slice(-MaxActions);
  }
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
