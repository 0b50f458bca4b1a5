/** A hash of 64 bits, as two halves of 32: no `BigInt`, which would take fifty times as long. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** The prime is 2^40 + this. */
const PrimeLow = 0x1b3;
const TwoTo32 = 2 ** 32;

const utf8 = /* @__PURE__ */ new TextEncoder();

/**
 * FNV-1a of the text in UTF-8: what kube-apiserver sorts objects into shards by (KEP-5866). A few hundred nanoseconds for a uid.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function fnv1a64(text: string): Hash64 {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of utf8.encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * PrimeLow;
    // What 2^40 adds goes into the upper half only.
    high = (Math.imul(high, PrimeLow) + Math.floor(product / TwoTo32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return { high, low };
}
