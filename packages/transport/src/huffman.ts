/**
 * The code of RFC 7541, Appendix B: for each length, the bytes that have a code of so many bits. Codes are numbered in the order of
 * their lengths, and within a length in that of the bytes, so that nothing else need be known.
 */
const BytesByLength: Readonly<Record<number, readonly (number | readonly [from: number, to: number])[]>> = {
  5: [[48, 50], 97, 99, 101, 105, 111, 115, 116],
  6: [32, 37, [45, 47], [51, 57], 61, 65, 95, 98, 100, [102, 104], [108, 110], 112, 114, 117],
  7: [58, [66, 87], 89, 106, 107, 113, [118, 122]],
  8: [38, 42, 44, 59, 88, 90],
  10: [33, 34, 40, 41, 63],
  11: [39, 43, 124],
  12: [35, 62],
  13: [0, 36, 64, 91, 93, 126],
  14: [94, 125],
  15: [60, 96, 123],
  19: [92, 195, 208],
  20: [128, 130, 131, 162, 184, 194, 224, 226],
  21: [153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230],
  22: [
    129,
    [132, 134],
    136,
    146,
    154,
    156,
    160,
    163,
    164,
    169,
    170,
    173,
    178,
    181,
    [185, 187],
    189,
    190,
    196,
    198,
    228,
    232,
    233,
  ],
  23: [
    1,
    135,
    [137, 141],
    143,
    147,
    [149, 152],
    155,
    157,
    158,
    165,
    166,
    168,
    174,
    175,
    180,
    182,
    183,
    188,
    191,
    197,
    231,
    239,
  ],
  24: [9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237],
  25: [199, 207, 234, 235],
  26: [192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255],
  27: [203, 204, 211, 212, 214, [221, 223], 241, [244, 248], [250, 254]],
  28: [[2, 8], 11, 12, [14, 21], [23, 31], 127, 220, 249],
  30: [10, 13, 22, 256],
};

/** Ends what is coded, and is never in it. */
const EndOfString = 256;

/** Of a code. */
const ShortestBits = 5;

/** Bits of the last byte that code nothing: fewer than a byte has. */
const MaxPaddingBits = 7;

/**
 * A node is two numbers, for a 0 and for a 1: where the node is that follows, or, when negative, the byte that is complete, less
 * 257, so that none is zero.
 */
let tree: Int16Array | undefined;

function makeTree(): Int16Array {
  const nodes: number[] = [0, 0];
  let code = 0;
  let lastLength = 0;
  for (const [length, bytes] of Object.entries(BytesByLength).map(([key, value]) => [Number(key), value] as const)) {
    code *= 2 ** (length - lastLength);
    lastLength = length;
    for (const each of bytes) {
      const [from, to] = typeof each === 'number' ? [each, each] : each;
      for (let byte = from; byte <= to; byte++) {
        let node = 0;
        for (let bit = length - 1; bit > 0; bit--) {
          const at = node + ((code >>> bit) & 1);
          if (!nodes[at]) nodes[at] = nodes.push(0, 0) - 2;
          node = nodes[at] ?? 0;
        }
        nodes[node + (code & 1)] = byte - EndOfString - 1;
        code++;
      }
    }
  }
  return Int16Array.from(nodes);
}

/**
 * Decodes what HPACK has coded, into a character for each byte.
 *
 * @returns `undefined` for what is not coded in the one way that there is.
 */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | undefined {
  const nodes = (tree ??= makeTree());
  const text = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / ShortestBits));
  let length = 0;
  let node = 0;
  let bits = 0;
  let padding = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >> shift) & 1;
      const next = nodes[node + bit] ?? 0;
      bits++;
      padding &&= bit === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      const decoded = next + EndOfString + 1;
      if (decoded === EndOfString) return undefined;
      text[length++] = decoded;
      node = 0;
      bits = 0;
      padding = true;
    }
  }
  return padding && bits <= MaxPaddingBits ? text.toString('latin1', 0, length) : undefined;
}
