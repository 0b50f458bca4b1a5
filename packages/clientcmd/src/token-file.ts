import { printable } from '@client-ts/apimachinery';
import { fileTokenSource } from '@client-ts/auth';
import type { TokenSource } from '@client-ts/rest';
import { fileProblem, readBounded } from './read-bounded.js';

/** A token has a few KiB, and goes into one header. */
const MaxTokenBytes = 1024 * 1024;

/** The token in a file that a kubeconfig names, who may be anybody's: it is read up to 1 MiB, and its path is printed with care. */
export function tokenFile(file: string): TokenSource {
  return fileTokenSource(printable(file), { read: () => readToken(file) });
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readBounded(file, MaxTokenBytes)).toString('utf8');
  } catch (cause) {
    throw new Error(fileProblem(cause), { cause });
  }
}
