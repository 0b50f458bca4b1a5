import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '@client-ts/apimachinery';
import type { Kubeconfig } from '../kubeconfig.js';
import { KubeconfigError } from '../kubeconfig-error.js';
import { kubeconfigFiles, type KubeconfigSource } from '../kubeconfig-files.js';
import { loadFiles } from '../load-kubeconfig.js';
import { placeOf } from '../override-kubeconfig.js';
import { parseKubeconfig } from '../parse-kubeconfig.js';
import { fileProblem } from '../read-bounded.js';
import { readKubeconfigFile } from '../read-kubeconfig-file.js';
import type { FileChange } from './edit-kubeconfig-text.js';
import { kubeconfigDiff } from './kubeconfig-diff.js';
import { lockFiles, type LockOptions } from './lock-file.js';
import { replaceFile } from './replace-file.js';

/** What a new file begins with. */
const EmptyFile = 'apiVersion: v1\nkind: Config\n';

/**
 * Changes kubeconfig files: loads them, lets `change` make another kubeconfig of what it is given, and writes each entry that
 * differs to the file that it comes from, a new one to the file that `kubectl config` would choose. Nobody else's change is
 * lost in between: the files are locked, by kubectl's own lock files.
 *
 * Comments, order, unknown fields, permissions and symbolic links stay; a file is replaced as a whole, so that nobody reads a
 * part of it. Of several files each is written for itself.
 *
 * @returns the kubeconfig as it is now.
 *
 * Rejects with a {@link KubeconfigError} for files that cannot be used or written, with a `LockedError` when the lock stays
 * taken, with what `change` throws, and with `signal.reason`. Nothing has been written then, unless one of several files
 * failed.
 */
export async function modifyKubeconfig(
  change: (kubeconfig: Kubeconfig) => Kubeconfig,
  options: KubeconfigSource & LockOptions = {},
): Promise<Kubeconfig> {
  const { files, origin } = kubeconfigFiles(options);
  const defaultFile = await defaultFileOf(files);
  await mkdir(path.dirname(defaultFile), { recursive: true, mode: 0o755 });
  await using _lock = await lockFiles(files, options);
  const before = await loadFiles(files);
  const after = change(before);
  const changes = new Map(kubeconfigDiff(before, after, defaultFile));
  const { currentContext = '' } = after;
  if (currentContext !== (before.currentContext ?? '')) {
    const file = origin === 'kubeconfig' || currentContext ? defaultFile : await fileWithCurrentContext(files);
    changes.set(file, { entries: [], ...changes.get(file), currentContext });
  }
  const foreign = [...changes.keys()].find((file) => !files.includes(file));
  if (foreign !== undefined) throw new KubeconfigError(`${printable(foreign)}: is none of the files that are changed`);
  for (const [file, each] of changes) await writeChange(file, each);
  return changes.size === 0 ? before : loadFiles(files);
}

/** As kubectl: of several files the first that exists, or else the last. */
async function defaultFileOf(files: readonly string[]): Promise<string> {
  for (const file of files) if (await exists(file)) return file;
  return files.at(-1) ?? '';
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false; // that is the answer
  }
}

/** The first that sets one: there it can be cleared. */
async function fileWithCurrentContext(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readKubeconfigFile(file);
    if (text !== undefined && (await parseKubeconfig(text, file)).currentContext !== undefined) return file;
  }
  throw new KubeconfigError(`${placeOf(files)}: no file sets a current-context any more`);
}

async function writeChange(file: string, change: FileChange): Promise<void> {
  const text = await readKubeconfigFile(file);
  // Brings the parser of YAML, which programs that read no such file go without.
  const { editKubeconfigText } = await import('./edit-kubeconfig-text.js');
  const changed = await editKubeconfigText(text?.trim() ? text : EmptyFile, change);
  try {
    await replaceFile(file, changed);
  } catch (cause) {
    throw new KubeconfigError(`${printable(file)}: cannot be written: ${fileProblem(cause)}`, { cause });
  }
}
