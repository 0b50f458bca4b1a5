import { UsageError } from './usage-error.js';
import { isWanted } from './wanted-groups.js';
import { formatGroupVersion } from './naming.js';
import { shown } from './shown.js';

const GroupVersion = /^(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)$/;

/**
 * Where the documents are that an index (`/openapi/v3`) lists: those of the groups and group versions in `wanted`, or, when
 * it is empty, of all that `@client-ts/api` does not have already.
 *
 * @returns `undefined` when the document is no index.
 * @throws UsageError when there is none, or one of them is said to be elsewhere than below `/openapi/v3`.
 */
export async function readOpenApiIndex(document: unknown, wanted: readonly string[]): Promise<string[] | undefined> {
  const { openapi, swagger, paths } = (document ?? {}) as Record<string, unknown>;
  if (openapi !== undefined || swagger !== undefined || typeof paths !== 'object' || paths === null) return undefined;
  const builtIn = wanted.length > 0 ? [] : await builtInGroupVersions();
  const isTaken = (group: string, version: string): boolean =>
    wanted.length > 0 ? isWanted(wanted, group, version) : !isWanted(builtIn, group, version);
  const found = Object.entries(paths).flatMap(([path, entry]) => {
    const { group = '', version } = GroupVersion.exec(path)?.groups ?? {};
    if (version === undefined || !isTaken(group, version)) return [];
    const { serverRelativeURL: url } = (entry ?? {}) as { serverRelativeURL?: unknown };
    if (typeof url !== 'string' || !url.startsWith('/openapi/v3/')) {
      throw new UsageError(`${JSON.stringify(path)}: expected a URL below /openapi/v3, got ${shown(url)}`);
    }
    return [url];
  });
  if (found.length > 0) return found;
  const those = wanted.length > 0 ? wanted.join(' or ') : 'any group that is not built in';
  throw new UsageError(`the server has no document of ${those}`);
}

async function builtInGroupVersions(): Promise<string[]> {
  const { schema } = await import('@client-ts/api/schema/all');
  return schema.groupVersions.map(formatGroupVersion);
}
