import { homedir } from 'node:os';
import path from 'node:path';

/** Where kubectl keeps what it remembers: `$KUBECACHEDIR`, or `~/.kube/cache`. */
export function defaultCacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['KUBECACHEDIR'] || path.join(env['HOME'] || homedir(), '.kube', 'cache');
}

/**
 * Where in it kubectl keeps what is of one server, and the answers of all.
 *
 * @param host - of a `Config`. Of what may be in a URL, only letters, digits and `_/.()` may be in the name of a directory.
 */
export function cacheDirectoriesOf(
  cacheDirectory: string,
  host: string,
): { readonly discovery: string; readonly http: string } {
  const name = host
    .replace('https://', '')
    .replace('http://', '')
    .replaceAll(/[^(\w/.)]/g, '_')
    .split('/')
    // A host must not lead to where others keep theirs.
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return { discovery: path.join(cacheDirectory, 'discovery', ...name), http: path.join(cacheDirectory, 'http') };
}
