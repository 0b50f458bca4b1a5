import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Those of kubectl: the user, and users of a group that he may have given the directory to. */
const DirectoryMode = 0o750;
const FileMode = 0o660;

/**
 * Readers see the file as it was, or all that is new. Directories are made.
 *
 * @param workDirectory - where it is written first; in the same file system. Default: beside the file.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array,
  workDirectory: string = path.dirname(file),
): Promise<void> {
  for (const directory of new Set([path.dirname(file), workDirectory])) {
    await mkdir(directory, { recursive: true, mode: DirectoryMode });
  }
  const temporary = path.join(workDirectory, `${path.basename(file)}.${randomBytes(8).toString('hex')}`);
  const handle = await open(temporary, 'wx', FileMode);
  try {
    try {
      await handle.writeFile(content);
      // What the process masks is given, too.
      await handle.chmod(FileMode);
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
