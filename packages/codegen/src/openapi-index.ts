import { UsageError } from './usage-error.js';
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
  const isWanted = wanted.length > 0 ? named(wanted) : await notBuiltIn();
  const found = Object.entries(paths).flatMap(([path, entry]) => {
    const { group = '', version } = GroupVersion.exec(path)?.groups ?? {};
    if (version === undefined || !isWanted(group, version)) return [];
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

type Predicate = (group: string, version: string) => boolean;

function named(wanted: readonly string[]): Predicate {
  return (group, version) => wanted.includes(group) || wanted.includes(`${group}/${version}`);
}

async function notBuiltIn(): Promise<Predicate> {
  const { schema } = await import('@client-ts/api/schema/all');
  const known = new Set(schema.groupVersions.map(({ group, version }) => `${group}/${version}`));
  return (group, version) => !known.has(`${group}/${version}`);
}
