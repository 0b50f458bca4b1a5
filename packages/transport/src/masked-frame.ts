import { randomFillSync } from 'node:crypto';

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
const pool = /* @__PURE__ */ Buffer.alloc(PoolBytes);
let poolAt = PoolBytes;

/** Below this there is nothing to gain. */
export const MinMaskedBytes = 1024;

/**
 * A binary message of a client as a frame of its own, masked with a new random key (RFC 6455 §5.3).
 *
 * `ws` masks byte by byte, which takes as long as all else that is done to send a message of 32 KiB, and this a quarter of that.
 *
 * @param message - of {@link MinMaskedBytes} or more. It is copied.
 */
export function maskedFrame(message: Uint8Array): Uint8Array {
  const end = PayloadStart + message.length;
  const bytes = Buffer.allocUnsafeSlow(Math.ceil(end / 4) * 4);
  const words = new Uint32Array(bytes.buffer);
  writeKey(bytes);
  const key = words[KeyStart / 4] as number;
  bytes.set(message, PayloadStart);
  for (let i = PayloadStart / 4; i < words.length; i++) words[i] = (words[i] as number) ^ key;
  return bytes.subarray(writeHeader(bytes, message.length), end);
}

function writeKey(bytes: Buffer): void {
  if (poolAt === PoolBytes) {
    randomFillSync(pool);
    poolAt = 0;
  }
  bytes.set(pool.subarray(poolAt, (poolAt += 4)), KeyStart);
}

/** @returns where it begins. */
function writeHeader(bytes: Buffer, length: number): number {
  const start = length <= 0xffff ? KeyStart - 4 : KeyStart - 10;
  bytes[start] = LastBinary;
  if (length <= 0xffff) {
    bytes[start + 1] = Masked | LengthInTwo;
    bytes.writeUInt16BE(length, start + 2);
  } else {
    bytes[start + 1] = Masked | LengthInEight;
    bytes.writeBigUInt64BE(BigInt(length), start + 2);
  }
  return start;
}
