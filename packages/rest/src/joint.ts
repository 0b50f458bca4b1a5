import { Carry } from './carry.js';

const utf8 = /* @__PURE__ */ new TextDecoder();

/** Decodes what is in two parts. To copy them and decode once costs less than to decode both, and put the texts together. */
export class Joint {
  readonly #carry: Carry;

  /** @param what - is read, for messages. */
  constructor(what: string) {
    this.#carry = new Carry(what);
  }

  text([head, tail]: readonly [head: Uint8Array, tail: Uint8Array]): string {
    return utf8.decode(tail.length > 0 ? this.#carry.join(head, tail) : head);
  }
}
