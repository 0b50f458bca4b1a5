import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import type { CopyTally } from './copy-options.js';
import { entryPath } from './entry-path.js';

/** No link is written through, and none is made: so no archive can lead out of its directory. */
const Flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

/**
 * Writes the files and directories of an archive while it comes. Of modes only the permissions are kept, and of them what the umask
 * leaves; owners and times are not. Files that are one, by a hard link, become two. Anything else is skipped. A file that did not
 * come whole is removed.
 *
 * @param top - the name of what was packed; empty when entries begin below it.
 * @param target - what it is to be called. A single file goes into it when it is a directory.
 */
export async function unpackFiles(
  archive: ReadableStream<Uint8Array>,
  top: string,
  target: string,
  tally: CopyTally,
): Promise<void> {
  const written = new Map<string, string>();
  for await (const { header, body } of archive.pipeThrough(createTarDecoder({ strict: true }))) {
    const parts = entryPath(header.name, top);
    const name = parts.join('/');
    const place =
      parts.length === 0 && header.type !== 'directory' ? await singleFile(target, top) : path.join(target, ...parts);
    const original = header.type === 'link' ? written.get(entryPath(header.linkname ?? '', top).join('/')) : undefined;
    if (header.type === 'directory') {
      await mkdir(place, { recursive: true });
    } else if (header.type === 'file' || original !== undefined) {
      await mkdir(path.dirname(place), { recursive: true });
      if (original === undefined) await writeFile(place, header.mode, body, (bytes) => tally.add(name, bytes));
      else await copyFile(original, place);
      written.set(name, place);
      tally.files++;
      continue;
    } else {
      tally.skip(name, header.type ?? 'unknown');
    }
    await body.cancel();
  }
}

async function singleFile(target: string, top: string): Promise<string> {
  const isDirectory = await stat(target).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isDirectory ? path.join(target, ...entryPath(top, '')) : target;
}

async function writeFile(
  place: string,
  mode: number | undefined,
  body: ParsedTarEntry['body'],
  onBytes: (count: number) => void,
): Promise<void> {
  await using file = await open(place, Flags, (mode ?? 0o666) & 0o777);
  try {
    for await (const chunk of body) {
      await file.writeFile(chunk);
      onBytes(chunk.length);
    }
  } catch (error) {
    await rm(place, { force: true });
    throw error;
  }
}
