import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type TransportRequest, TransportError, type TransportResponse } from '@client-ts/rest';
import type { Inflow } from './inflow.js';

/** Five times as fast as Node's default of 16 KiB for what compresses well, as lists do. Small answers come as they are. */
const ChunkSizeBytes = 256 * 1024;

/** Whether a body is to be decompressed: it is what was asked for. Somebody who downloads an archive wants it as it is. */
export function isGzip(asked: TransportRequest['headers'], answered: TransportResponse['headers']): boolean {
  return (
    String(answered['content-encoding'] ?? '').toLowerCase() === 'gzip' &&
    String(asked['accept-encoding'] ?? '').includes('gzip')
  );
}

/**
 * Decompresses a body while it is read, off the main thread. It fails as the body does, and with `truncated` when that ends
 * within the compressed data.
 */
export function gunzipped(body: Inflow<Uint8Array>, peer: string): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const source = body[Symbol.asyncIterator]();
      const chunks = decompress({ [Symbol.asyncIterator]: () => source }, peer);
      return {
        next: () => chunks.next(),
        async return() {
          // Whoever waits for more waits for the source.
          await source.return?.();
          return chunks.return();
        },
      };
    },
  };
}

async function* decompress(body: AsyncIterable<Uint8Array>, peer: string): AsyncGenerator<Uint8Array, void, void> {
  let broken: { readonly reason: unknown } | undefined;
  const compressed = async function* (): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* body;
    } catch (reason) {
      // May be anything, which streams do not carry.
      broken = { reason };
      throw new Error('the body broke off', { cause: reason });
    }
  };
  const stream = createGunzip({ chunkSize: ChunkSizeBytes });
  pipeline(compressed, stream, () => {});
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    if (broken) throw broken.reason;
    const early = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw new TransportError(
      early ? 'truncated' : 'other',
      `${peer}: ${early ? 'the compressed body ends early' : `the body is not gzip: ${(cause as Error).message}`}`,
      { cause },
    );
  }
}
