import { open } from 'node:fs/promises';

/** All of Kubernetes is 0.2 MB, and a thousand CRDs in one group are less than 1 MB: more is no cache of ours. */
const DefaultMaxBytes = 64 * 1024 * 1024;

export interface Kept {
  readonly content: Buffer;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/** A file of a cache; `undefined` when there is none that can be read. */
export async function readKept(file: string, maxBytes: number = DefaultMaxBytes): Promise<Kept | undefined> {
  try {
    const handle = await open(file);
    try {
      const status = await handle.stat();
      if (!status.isFile() || status.size > maxBytes) return undefined;
      return { content: await handle.readFile(), writtenMs: status.mtimeMs };
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
