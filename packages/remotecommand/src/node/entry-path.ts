import { CopyError } from './copy-error.js';

/** What names of files cannot be, or mean something else than a name, on Windows. */
const NotOnWindows = /[\\:<>"|?*]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The names from what is copied down to an entry of an archive: none for what is copied itself.
 *
 * @param name - as it is in the archive, which anybody may have written.
 * @param top - the name of what is copied; empty when entries begin below it.
 * @throws CopyError when the entry lies anywhere else, or is no name on this platform.
 */
export function entryPath(name: string, top: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const isOutside = name.startsWith('/') || parts.includes('..') || (top !== '' && parts[0] !== top);
  const isOdd = name.includes('\0') || (platform === 'win32' && parts.some((part) => NotOnWindows.test(part)));
  if (isOutside || isOdd) {
    throw new CopyError(`the container's tar sent ${JSON.stringify(name.slice(0, 200))}, which is not to be written`);
  }
  return top === '' ? parts : parts.slice(1);
}
