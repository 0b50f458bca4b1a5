import { printable } from '@client-ts/apimachinery';
import type { Kubeconfig } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import { kubeconfigFiles, type KubeconfigSource } from './kubeconfig-files.js';
import { mergeKubeconfigs } from './merge-kubeconfigs.js';
import { parseKubeconfig } from './parse-kubeconfig.js';
import { readKubeconfigFile } from './read-kubeconfig-file.js';

/**
 * Reads and merges kubeconfig files as kubectl does: the first file that sets the current context, or defines an entry,
 * wins, and an entry is taken whole. Files of the list that do not exist are passed over.
 *
 * Rejects with a {@link KubeconfigError} that tells of every file which cannot be used.
 */
export function loadKubeconfig(source: KubeconfigSource = {}): Promise<Kubeconfig> {
  const { files, origin } = kubeconfigFiles(source);
  return loadFiles(files, origin === 'kubeconfig');
}

/** @param required - a file that does not exist is a problem. */
export async function loadFiles(files: readonly string[], required = false): Promise<Kubeconfig> {
  const loaded: Kubeconfig[] = [];
  const problems: KubeconfigError[] = [];
  for (const file of files) {
    try {
      const text = await readKubeconfigFile(file);
      if (text !== undefined) loaded.push(await parseKubeconfig(text, file));
      else if (required) throw new KubeconfigError(`${printable(file)}: no such file`);
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
      problems.push(error);
    }
  }
  const [first] = problems;
  if (first && problems.length === 1) throw first;
  if (first) throw new KubeconfigError(problems.flatMap((error) => error.problems));
  return mergeKubeconfigs(loaded, files);
}
