import { PatchError } from './patch-error.js';

/**
 * The keys of a JSON pointer, with `~1` and `~0` unescaped.
 *
 * @throws PatchError when the text is no pointer.
 * @see RFC 6901
 */
export function parsePointer(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || !/^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer)) {
    throw new PatchError(
      `${JSON.stringify(pointer)} is no JSON pointer: expected /key/key, with ~ in keys as ~0 and / as ~1`,
    );
  }
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
