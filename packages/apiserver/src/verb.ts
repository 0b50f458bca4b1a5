import type { ApiRequest } from './api-request.js';
import { flag } from './query.js';
import type { ResourcePath } from './resource-path.js';

/** The verbs of a resource, as discovery names them. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** The verb that a method means for an object or a subresource. */
const ObjectMethods: Readonly<Record<string, Verb>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

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
