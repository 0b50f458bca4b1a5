/** What an item is: the upper three bits of its first byte (RFC 8949 §3.1). */
export const Major = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** Says of what follows that it is CBOR, and nothing else. Servers write it before each object. */
export const SelfDescribed = 55799;
/** Says of a byte string that it is base64 in JSON. */
export const Base64Later = 22;

export const False = 0xf4;
export const True = 0xf5;
export const Null = 0xf6;

/** How many bytes behind the first one hold the argument, by the lower five bits; up to 23 they are the argument. */
export function argumentBytes(first: number): number {
  const information = first & 31;
  if (information < 24) return 0;
  return information < 28 ? 1 << (information - 24) : -1;
}

/** Why there is no argument: what {@link argumentBytes} is negative for. */
export function noArgument(first: number): string {
  return (first & 31) === 31 ? 'an indefinite length, which servers do not write' : 'an initial byte without meaning';
}

/** The argument in the `count` bytes from `at`; rounded beyond 2^53, where it is no length that could be met. */
export function argument(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let end = at + count; at < end; at++) value = value * 256 + bytes[at]!;
  return value;
}

/** How an item with this argument, below 2^32, begins; in as few bytes as there can be. */
export function head(major: number, argument: number): Uint8Array {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  if (argument < 0x100) return Uint8Array.of(first | 24, argument);
  if (argument < 0x10000) return Uint8Array.of(first | 25, argument >> 8, argument);
  return Uint8Array.of(first | 26, argument >>> 24, argument >> 16, argument >> 8, argument);
}
