import type { Carry } from './carry.js';

const utf8 = /* @__PURE__ */ new TextDecoder();

/**
 * Decodes what is in two parts, of which the second may be empty. To copy them and decode once costs less than to decode both, and
 * put the texts together.
 */
export function jointText(carry: Carry, [head, tail]: readonly [head: Uint8Array, tail: Uint8Array]): string {
  return utf8.decode(tail.length > 0 ? carry.join(head, tail) : head);
}
