import { randomFillSync } from 'node:crypto';
import type { SpareBuffers } from '@client-ts/apimachinery';

/** Of RFC 6455 §5.2: the only frame of a message, which is binary; masked, with a length in the next two or eight bytes. */
const LastBinary = 0x82;
const Masked = 0x80;
const LengthInTwo = 126;
const LengthInEight = 127;

/** The longest header before it has 14 bytes; words can be masked from here on. */
const PayloadStart = 16;
const KeyStart = PayloadStart - 4;

/** Random bytes are made in advance: each time takes as long as to mask 10 kB. */
const PoolBytes = 8192;
const pool = /* @__PURE__ */ new Uint8Array(PoolBytes);
let poolAt = PoolBytes;

/** Below this there is nothing to gain. */
export const MinMaskedBytes = 1024;

/**
 * A binary message of a client as a frame of its own, masked with a new random key (RFC 6455 §5.3), in one of `buffers`.
 *
 * `ws` masks byte by byte, which takes as long as all else that is done to send a message of 32 KiB, and this a quarter of that.
 *
 * @param message - of {@link MinMaskedBytes} or more. It is copied.
 */
export function maskedFrame(message: Uint8Array, buffers: SpareBuffers): Uint8Array<ArrayBuffer> {
  const end = PayloadStart + message.length;
  const wordsEnd = Math.ceil(end / 4);
  const bytes = buffers.take(wordsEnd * 4);
  const words = new Uint32Array(bytes.buffer, 0, wordsEnd);
  writeKey(bytes);
  const key = words[KeyStart / 4] as number;
  bytes.set(message, PayloadStart);
  for (let i = PayloadStart / 4; i < wordsEnd; i++) words[i] = (words[i] as number) ^ key;
  return bytes.subarray(writeHeader(bytes, message.length), end);
}

function writeKey(bytes: Uint8Array): void {
  if (poolAt === PoolBytes) {
    randomFillSync(pool);
    poolAt = 0;
  }
  bytes.set(pool.subarray(poolAt, (poolAt += 4)), KeyStart);
}

/** @returns where it begins. */
function writeHeader({ buffer }: Uint8Array, length: number): number {
  const start = length <= 0xffff ? KeyStart - 4 : KeyStart - 10;
  const header = new DataView(buffer, start);
  header.setUint8(0, LastBinary);
  if (length <= 0xffff) {
    header.setUint8(1, Masked | LengthInTwo);
    header.setUint16(2, length);
  } else {
    header.setUint8(1, Masked | LengthInEight);
    header.setBigUint64(2, BigInt(length));
  }
  return start;
}
