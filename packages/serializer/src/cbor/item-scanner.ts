import { CborError } from './cbor-error.js';
import { argument, argumentBytes, Major, noArgument } from './initial-byte.js';

/** Larger than any object that etcd takes, with room for its encoding; the limit for JSON too. */
const MaxBytes = 16 * 1024 * 1024;

/**
 * Finds the end of an item without decoding it, however the bytes are cut. As lengths come first, all there is to count is how
 * many items are still to come; every byte is looked at once.
 */
export class ItemScanner {
  readonly #what: string;
  readonly #maxBytes: number;
  /** Items that have to come until the one that was begun is complete. */
  #open = 1;
  /** Of the item that was begun, bytes that need not be looked at again; the last string may not have arrived yet. */
  #scanned = 0;

  /** @param what - is read, for messages. */
  constructor(what: string, maxBytes: number = MaxBytes) {
    this.#what = what;
    this.#maxBytes = maxBytes;
  }

  /**
   * Where the item that begins at `start` ends; `undefined` when more bytes are needed. It is then to be called with the same
   * item again, wherever that has been moved.
   *
   * @throws CborError as soon as it is known that the item is too long, or none.
   */
  end(bytes: Uint8Array, start: number): number | undefined {
    let at = start + this.#scanned;
    let open = this.#open;
    while (open > 0 && at < bytes.length) {
      const first = bytes[at]!;
      const count = argumentBytes(first);
      if (count < 0) throw new CborError(this.#what, noArgument(first));
      let next = at + 1 + count;
      if (next > bytes.length) break;
      const length = count === 0 ? first & 31 : argument(bytes, at + 1, count);
      open--;
      switch (first >> 5) {
        case Major.bytes:
        case Major.text:
          next += length;
          break;
        case Major.array:
          open += length;
          break;
        case Major.map:
          open += 2 * length;
          break;
        case Major.tag:
          open++;
          break;
      }
      at = next;
      // Each item that is to come takes a byte at least.
      if (at - start + open > this.#maxBytes) {
        throw new CborError(this.#what, `an item is longer than ${this.#maxBytes} bytes`);
      }
    }
    const isComplete = open === 0 && at <= bytes.length;
    this.#open = isComplete ? 1 : open;
    this.#scanned = isComplete ? 0 : at - start;
    return isComplete ? at : undefined;
  }
}
