import { formatGroupResource, type GroupVersion, type GroupVersionKind } from '@client-ts/apimachinery';

/** Values of query parameters; a list repeats the parameter, `undefined` leaves it out. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** One call, before it knows of servers and credentials. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** What is called: a resource, or a path below the server's base path, which may carry a query. */
  readonly target: ResourceTarget | string;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The kind of object that is asked for with GET, or sent with POST and PUT: `config.codecs` that know it are used. Default:
   * none is.
   */
  readonly type?: GroupVersionKind | undefined;
  /** In which form of `meta.k8s.io/v1`, such as `Table`, the server should answer, and whether it may give the object itself. */
  readonly as?: { readonly kind: string; readonly orItself: boolean } | undefined;
  /** Objects are sent as JSON, unless `type` says more; strings and bytes as they are, with the content type among the headers. */
  readonly body?: object | string | Uint8Array | undefined;
}

/** A place in the REST API of a group version. */
export interface ResourceTarget extends GroupVersion {
  readonly resource: string;
  /** `undefined` for cluster-scoped resources; empty for all namespaces. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** A call that no server could understand; it was not sent. */
export class RequestError extends TypeError {
  override readonly name = 'RequestError';
}

/** Where a call goes; `base` is a URL that ends with a slash. */
export function requestUrl(base: string, request: Pick<Request, 'method' | 'target' | 'query'>): URL {
  const url = new URL(base + requestPath(request));
  // A path may come from a server's own documents: it must not lead the credentials anywhere else.
  if (typeof request.target === 'string' && !url.href.startsWith(base)) {
    throw new RequestError(`the path ${JSON.stringify(request.target)} leads out of the server's base path`);
  }
  setQuery(url, request.query);
  return url;
}

/**
 * The path of a call below the server's base path, without leading slash.
 *
 * @throws RequestError when a part is empty that must not be, is `.` or `..`, or contains `/` or `%`; when an object is
 * created in, or named from, all namespaces.
 */
export function requestPath({ method, target }: Pick<Request, 'method' | 'target'>): string {
  if (typeof target === 'string') return target.replace(/^\/+/, '');
  const { group, version, resource, namespace, name, subresource } = target;
  if (namespace === '' && method === 'POST') {
    throw new RequestError('an empty namespace may not be set during creation');
  }
  if (namespace === '' && name !== undefined) {
    throw new RequestError('an empty namespace may not be set when a resource name is provided');
  }
  if (name === '') throw new RequestError('name is required: the resource name may not be empty');
  let path = group === '' ? 'api' : `apis${segment('group', group)}`;
  path += segment('version', version);
  if (namespace) path += `/namespaces${segment('namespace', namespace)}`;
  path += segment('resource', resource.toLowerCase());
  if (name !== undefined) path += segment('name', name);
  for (const part of subresource?.split('/') ?? []) path += segment('subresource', part);
  return path;
}

/** With a slash before it. Names are hostile: one that could change the path must never be sent. */
function segment(what: string, value: string): string {
  if (/^[a-z0-9][\w.-]*$/i.test(value)) return `/${value}`;
  if (value === '') throw new RequestError(`${what} may not be empty`);
  if (value === '.' || value === '..') {
    throw new RequestError(`invalid ${what} ${JSON.stringify(value)}: may not be '${value}'`);
  }
  const illegal = /[/%]|\p{Surrogate}/u.exec(value)?.[0];
  if (illegal !== undefined) {
    throw new RequestError(`invalid ${what} ${JSON.stringify(value)}: may not contain ${JSON.stringify(illegal)}`);
  }
  return `/${encodeURIComponent(value).replaceAll('%3A', ':')}`;
}

/** Appends the parameters to a URL; the order is that of the fields. */
export function setQuery(url: URL, query: Request['query']): void {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) {
      url.searchParams.append(name, item);
    }
  }
}

/** How a call is named in errors: `GET pods "web"`. */
export function describeRequest({ method, target }: Pick<Request, 'method' | 'target'>): string {
  if (typeof target === 'string') return `${method} ${target.replace(/\?.*/s, '')}`;
  const { name, subresource } = target;
  const resource = formatGroupResource(target) + (subresource === undefined ? '' : `/${subresource}`);
  return `${method} ${resource}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
}
