import { createHash, type Hash, randomFillSync } from 'node:crypto';

export const MiB: number = 1024 * 1024;

/** So many mebibytes that no compression helps with, in pieces that are made when they are asked for. */
export async function* randomMebibytes(count: number, hash: Hash): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    const piece = randomFillSync(new Uint8Array(MiB));
    hash.update(piece);
    yield piece;
  }
}

/**
 * What has come, and its checksum.
 *
 * @param at - is called once so many bytes have come.
 */
export async function digest(
  stream: AsyncIterable<Uint8Array>,
  at?: { readonly size: number; readonly call: () => unknown },
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    const before = size;
    size += chunk.length;
    hash.update(chunk);
    if (at && before < at.size && size >= at.size) at.call();
  }
  return { size, sha256: hash.digest('hex') };
}
