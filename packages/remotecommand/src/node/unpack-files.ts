import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createTarDecoder } from 'modern-tar';
import type { CopyTally } from './copy-options.js';
import { entryPath } from './entry-path.js';
import { TargetTree } from './target-tree.js';

/** What decoders put where there is no UTF-8. */
const Undecodable = '\uFFFD';

/**
 * Writes the files and directories of an archive while it comes. Of modes only the permissions are kept, and of them what the umask
 * leaves; owners and times are not. Files that are one, by a hard link, become two. Anything else is skipped, and so is what has no
 * name in UTF-8. A file that did not come whole is removed. Where nothing is written is for {@link TargetTree} to say.
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
  await using tree = new TargetTree(target);
  const written = new Map<string, string>();
  for await (const { header, body } of archive.pipeThrough(createTarDecoder({ strict: true }))) {
    const { type = 'unknown', mode = 0o777 } = header;
    const parts = entryPath(header.name, top);
    const name = parts.join('/');
    const original = type === 'link' ? written.get(entryPath(header.linkname ?? '', top).join('/')) : undefined;
    if (name.includes(Undecodable)) {
      tally.skip(name, 'undecodable');
    } else if (type === 'directory') {
      await tree.makeDirectory(parts, mode & 0o777);
    } else if (type === 'file' || original !== undefined) {
      const [root, below] = parts.length > 0 ? [tree, parts] : await singleFile(target, top);
      const place =
        original === undefined
          ? await root.writeFile(below, mode & 0o777, body, (bytes) => tally.add(name, bytes))
          : await root.writeFile(below, mode & 0o777, contentOf(original));
      written.set(name, place);
      tally.files++;
    } else {
      tally.skip(name, type);
    }
    await body.cancel();
  }
}

async function singleFile(target: string, top: string): Promise<[root: TargetTree, parts: readonly string[]]> {
  const isDirectory = await stat(target).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isDirectory
    ? [new TargetTree(target), entryPath(top, '')]
    : [new TargetTree(path.dirname(target)), [path.basename(target)]];
}

async function* contentOf(file: string): AsyncGenerator<Uint8Array, void, void> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}
