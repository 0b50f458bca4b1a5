import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, realpath, rename, unlink, writeFile } from 'node:fs/promises';

/** Where no file can be put in the place of another: the file itself may still be writable. */
const OnlyInPlace: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']);

/** For a file that is created; others keep what they have. */
const OwnersAlone = { mode: 0o600 } as const;

/**
 * Puts text into a file so that readers see the old or the new text, and never a part. Permissions and owner stay as they
 * are, a new file is its owner's alone (0600), and a symbolic link stays one.
 *
 * Where the directory cannot be written, or the file is a mount of its own, it is overwritten in place. Rejects with the
 * system's error.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const target = await targetOf(file);
  if (target === undefined) return writeFile(file, text, OwnersAlone);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await writeLike(target, temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (!OnlyInPlace.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await writeFile(target, text, OwnersAlone);
  }
}

/** The file that is meant; `undefined` for a link that leads nowhere yet. */
async function targetOf(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const link = await lstat(file).catch(() => undefined);
  return link ? undefined : file;
}

async function writeLike(target: string, temporary: string, text: string): Promise<void> {
  const old = await lstat(target).catch(() => undefined);
  await using handle = await disposable(open(temporary, 'wx', OwnersAlone.mode));
  await handle.writeFile(text);
  if (old) {
    const { uid, gid } = await handle.stat();
    // Not to be kept: then it must not be lost either, and the file is overwritten in place.
    if (old.uid !== uid || old.gid !== gid) await handle.chown(old.uid, old.gid);
    await handle.chmod(old.mode & 0o777);
  }
  await handle.sync();
}

/** Older versions of Node.js have no disposable file handles. */
async function disposable(opening: Promise<FileHandle>): Promise<FileHandle & AsyncDisposable> {
  const handle = await opening;
  return Object.assign(handle, { [Symbol.asyncDispose]: () => handle.close() });
}
