import { formatGroupVersion, type GroupVersion } from '@client-ts/apimachinery';

/** How the index of documents names a group version: `api/v1`, `apis/apps/v1`. */
export function groupVersionPath(groupVersion: GroupVersion): string {
  return `${groupVersion.group === '' ? 'api' : 'apis'}/${formatGroupVersion(groupVersion)}`;
}

/** The group version of a name in the index; `undefined` for what is none, such as `version` or `apis/apps`. */
export function parseGroupVersionPath(path: string): GroupVersion | undefined {
  const [root, ...rest] = path.split('/');
  if (root === 'api' && rest.length === 1) return { group: '', version: rest[0]! };
  if (root === 'apis' && rest.length === 2) return { group: rest[0]!, version: rest[1]! };
  return undefined;
}
