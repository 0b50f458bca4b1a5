import { BinariesNotFoundError, findBinaries } from '@client-ts/envtest';

/** What a real kube-apiserver cannot be started without, in a line. */
export function missingServer(): string | undefined {
  try {
    findBinaries();
    return undefined;
  } catch (error) {
    if (error instanceof BinariesNotFoundError) return error.message;
    throw error;
  }
}
