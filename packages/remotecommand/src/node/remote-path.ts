import { posix } from 'node:path';

/**
 * A path in a container, without a slash at its end, and so that no program takes it for an option.
 *
 * @throws TypeError for a path that names nothing.
 */
export function remotePath(field: string, path: string): string {
  if (path === '' || path.includes('\0')) throw new TypeError(`${field}: expected a path, got ${JSON.stringify(path)}`);
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (posix.basename(normal) === '..') {
    throw new TypeError(`${field}: expected a path that ends with a name, got ${JSON.stringify(path)}`);
  }
  return posix.isAbsolute(normal) ? normal : `./${normal}`;
}
