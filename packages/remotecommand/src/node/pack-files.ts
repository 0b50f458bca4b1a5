import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { createTarPacker, type TarHeader, type TarPackController } from 'modern-tar';
import type { CopyTally } from './copy-options.js';

const ChunkBytes = 128 * 1024;

/**
 * An archive of a file or a directory, made while it is read. Links are packed as links; sockets, pipes and devices are skipped.
 *
 * @param name - what the file or directory is called in the archive.
 */
export function packFiles(source: string, name: string, tally: CopyTally): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  pack(controller, source, name, '', tally).then(
    () => controller.finalize(),
    (error: unknown) => controller.error(error),
  );
  return readable;
}

async function pack(
  archive: TarPackController,
  source: string,
  name: string,
  below: string,
  tally: CopyTally,
): Promise<void> {
  const stats = await lstat(source);
  const { mode, mtime, uid, gid } = stats;
  const header = { name, size: 0, mode: mode & 0o7777, mtime, uid, gid };
  if (stats.isDirectory()) {
    await add(archive, { ...header, name: `${name}/`, type: 'directory' });
    for (const child of await readdir(source)) {
      await pack(
        archive,
        path.join(source, child),
        `${name}/${child}`,
        below === '' ? child : `${below}/${child}`,
        tally,
      );
    }
  } else if (stats.isSymbolicLink()) {
    await add(archive, { ...header, type: 'symlink', linkname: await readlink(source) });
  } else if (stats.isFile()) {
    await packFile(archive, source, { ...header, type: 'file' }, (bytes) => tally.add(below, bytes));
    tally.files++;
  } else {
    tally.skip(below, typeOf(stats));
  }
}

async function packFile(
  archive: TarPackController,
  source: string,
  header: TarHeader,
  onBytes: (count: number) => void,
): Promise<void> {
  await using file = await open(source, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  // What is added while it is read is left out: the size comes first.
  const { size } = await file.stat();
  const body = archive.add({ ...header, size }).getWriter();
  for (let left = size; left > 0;) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(left, ChunkBytes)));
    if (bytesRead === 0) throw new Error(`${source}: became shorter while it was copied`);
    await body.write(buffer.subarray(0, bytesRead));
    left -= bytesRead;
    onBytes(bytesRead);
  }
  await body.close();
}

async function add(archive: TarPackController, header: TarHeader): Promise<void> {
  await archive.add(header).close();
}

function typeOf(stats: Awaited<ReturnType<typeof lstat>>): string {
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return 'device';
}
