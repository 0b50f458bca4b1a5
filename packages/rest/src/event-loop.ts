import type { BodyDecoder } from '@client-ts/apimachinery';

/**
 * Work between two turns of the event loop, in bytes of JSON: some 3 ms of decoding, with as much for whoever takes what
 * was decoded, and room for the garbage collector below 15 ms.
 */
const PieceBytes = 256 * 1024;

/**
 * Feeds a body to a decoder, and yields each time that there may be values; they have to be taken then. The event loop gets its
 * turns: chunks may be as large as the body, and streams hand on what they have buffered as fast as promises settle.
 */
export async function* feed(
  decoder: BodyDecoder<unknown>,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<void, void, void> {
  let sinceTurn = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += PieceBytes) {
      const piece = chunk.subarray(at, at + PieceBytes);
      decoder.feed(piece);
      yield;
      sinceTurn += piece.length;
      if (sinceTurn < PieceBytes) continue;
      sinceTurn = 0;
      await nextTurn();
    }
  }
  decoder.end();
  yield;
}

/** Timers, which every runtime has, wait for a millisecond and more. */
function nextTurn(): Promise<void> {
  const { setImmediate = setTimeout } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  return new Promise((resolve) => void setImmediate(resolve));
}
