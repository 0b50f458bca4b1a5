import { TransportError, type TransportFailure } from '@client-ts/rest';

/** The same bytes, at most `bytes` at a time. */
export async function* inPieces(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += bytes) yield chunk.subarray(at, at + bytes);
  }
}

/** The first `bytes` bytes, and then the end: in good order, or the failure. */
export async function* endingAfter(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
  end: 'eof' | TransportFailure,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left > 0) continue;
    if (end === 'eof') return;
    throw new TransportError(end, `${end} on purpose, after ${bytes} bytes`);
  }
}
