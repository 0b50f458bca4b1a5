import { type BodyDecoder, realClock } from '@client-ts/apimachinery';

/**
 * Work between two turns of the event loop, in bytes of JSON: some 3 ms of decoding, with as much for whoever takes what was
 * decoded, and room below 15 ms for the garbage collector, which takes most of the longest turns. With half of it those are
 * no shorter, and a list that comes from a real server takes a fifth longer.
 */
const PieceBytes = 256 * 1024;

/**
 * Feeds a body to its decoder. The event loop gets its turns: chunks may be as large as the body, and streams hand on what they
 * have buffered as fast as promises settle.
 */
export class BodyFeeder {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder: BodyDecoder<unknown>;
  #chunk: Uint8Array = new Uint8Array(0);
  #sinceTurn = 0;

  constructor(body: AsyncIterable<Uint8Array>, decoder: BodyDecoder<unknown>) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#decoder = decoder;
  }

  /** Feeds the next piece, or the end, once all values of those before have been taken. Resolves with whether it was a piece. */
  async feed(): Promise<boolean> {
    if (this.#sinceTurn >= PieceBytes) {
      this.#sinceTurn = 0;
      await realClock.nextTurn();
    }
    while (this.#chunk.length === 0) {
      const chunk = await this.#chunks.next();
      if (chunk.done) {
        this.#decoder.end();
        return false;
      }
      this.#chunk = chunk.value;
    }
    const piece = this.#chunk.subarray(0, PieceBytes);
    this.#chunk = this.#chunk.subarray(piece.length);
    this.#sinceTurn += piece.length;
    this.#decoder.feed(piece);
    return true;
  }

  /** Lets go of a body that was not read to its end. Never rejects: why it is not wanted is what matters. */
  async leave(): Promise<void> {
    try {
      await this.#chunks.return?.();
    } catch {
      // The connection is gone, as it should be.
    }
  }
}
