/** What Node.js, Bun and Deno have for strings of a few bytes, at a third of the cost of a TextDecoder. */
interface NativeText {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts up to this length are looked up before they are made: longer ones are rarely the same. */
const MaxShared = 32;
/** How many are kept. */
const Slots = 4096;

/**
 * Makes strings of UTF-8. Short ones that were made before are not made again, which spares time and memory: names of labels,
 * states, images and nodes are the same in thousands of objects. No more than some thousands of them are kept.
 */
export class TextReader {
  readonly #native: NativeText | undefined = (globalThis as { Buffer?: { prototype: NativeText } }).Buffer?.prototype;
  readonly #shared: (string | undefined)[] = Array.from({ length: Slots });

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > MaxShared) return this.#make(bytes, start, end);
    if (length === 0) return '';
    // A few bytes tell most texts apart. All are compared in any case.
    const slot =
      ((length * 31 + bytes[start]!) * 31 + bytes[start + (length >> 1)]! * 257 + bytes[end - 1]! * 37) & (Slots - 1);
    const text = this.#shared[slot];
    if (text !== undefined && text.length === length) {
      let at = 0;
      while (at < length && text.charCodeAt(at) === bytes[start + at]) at++;
      // Bytes beyond ASCII are equal to no character: their text is shorter than they are many.
      if (at === length) return text;
    }
    const made = this.#make(bytes, start, end);
    if (made.length === length) this.#shared[slot] = made;
    return made;
  }

  #make(bytes: Uint8Array, start: number, end: number): string {
    return this.#native ? this.#native.utf8Slice.call(bytes, start, end) : utf8.decode(bytes.subarray(start, end));
  }
}
