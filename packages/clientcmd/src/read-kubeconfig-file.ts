import { printable } from '@client-ts/apimachinery';
import { KubeconfigError } from './kubeconfig-error.js';
import { fileProblem, isMissing, readBounded } from './read-bounded.js';

/** Far more than the certificates of a thousand clusters. Whatever is larger is something else. */
const MaxFileBytes = 16 * 1024 * 1024;

/**
 * The text of a kubeconfig file; `undefined` when there is none.
 *
 * Rejects with a {@link KubeconfigError} when it cannot be read, or is larger than 16 MiB.
 */
export async function readKubeconfigFile(file: string): Promise<string | undefined> {
  try {
    return (await readBounded(file, MaxFileBytes)).toString('utf8');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new KubeconfigError(`${printable(file)}: ${fileProblem(cause)}`, { cause });
  }
}
