import { open } from 'node:fs/promises';
import { printable } from '@client-ts/apimachinery';

/** A file that is no kubeconfig, certificate or key, by its size. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
}

/**
 * The content of a file, or of a pipe in its place. Rejects with the system's error, and with a {@link FileTooLargeError} once
 * more than `limit` bytes have come: a device has no end.
 */
export async function readBounded(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(64 * 1024));
      if (bytesRead === 0) return Buffer.concat(chunks);
      size += bytesRead;
      if (size > limit) throw new FileTooLargeError(`larger than ${limit} bytes`);
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

const Problems: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  ENOENT: 'no such file',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is no directory',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
};

/** What is wrong with a file, without its path: the system's own messages hold that as it is, control characters included. */
export function fileProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return printable(message);
  return Problems[code] ?? code;
}

/** Whether an error means that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  // With a file where a directory would have to be, there is no such file either.
  return code === 'ENOENT' || code === 'ENOTDIR';
}
