import type { GroupVersion } from '@client-ts/apimachinery';

/** What the path of a request is about. */
export interface ResourcePath extends GroupVersion {
  readonly resource: string;
  readonly namespace: string;
  /** Empty for a whole collection. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** What follows the subresource, such as the path of a proxied request. */
  readonly rest: string;
  /** A path of the old form `/api/v1/watch/…`. */
  readonly watch: boolean;
}

/** Subresources of a namespace; any other word after its name is a resource in it. */
const NamespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/**
 * Takes a path such as `/apis/apps/v1/namespaces/default/deployments/web/scale` apart. `undefined` when it does not name
 * a resource.
 */
export function parseResourcePath(path: string): ResourcePath | undefined {
  // A real server decodes first: an encoded slash separates as a plain one does.
  const parts = decoded(path).replace(/\/+$/, '').split('/').slice(1);
  const root = parts.shift();
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'apis' ? parts.shift() : '';
  const version = parts.shift();
  if (group === undefined || version === undefined) return undefined;
  const watch = parts[0] === 'watch';
  if (watch) parts.shift();
  if (parts.length === 0) return undefined;
  let namespace = '';
  if (parts[0] === 'namespaces' && parts[2] !== undefined && !NamespaceSubresources.has(parts[2])) {
    namespace = parts[1] ?? '';
    parts.splice(0, 2);
  }
  const [resource = '', name = '', subresource = '', ...rest] = parts;
  return { group, version, resource, namespace, name, subresource, rest: rest.join('/'), watch };
}

/** A path that is not well encoded stays as it is: no object has such a name. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
