import { Label, messageOf, type MessageType, Wire } from './message-type.js';

/** As deep as messages are looked through. */
const MaxDepth = 64;

/**
 * Whether all fields of a message are known and whole. Values are not looked at.
 *
 * It is for every byte of large lists, and understands no more than what is usual: what it says no to is for a `MessageReader` to
 * judge, which may take it after all. Maps of messages are not usual, nor are lengths from 2 MiB on.
 */
export function hasKnownFields(type: MessageType, bytes: Uint8Array, start: number, end: number, depth = 0): boolean {
  const { fields } = type;
  let at = start;
  while (at < end) {
    // What is read from beyond the bytes is not a number, and neither a field nor in its place.
    let tag = bytes[at++]!;
    if (tag >= 128) tag += (bytes[at++]! - 1) * 128;
    const field = fields[tag >>> 3];
    if (field === undefined) return false;
    switch (tag & 7) {
      case Wire.Bytes: {
        let length = bytes[at++]!;
        if (length >= 128) {
          length += (bytes[at++]! - 1) * 128;
          if (length >= 2 ** 14) length += (bytes[at++]! - 1) * 2 ** 14;
          if (length >= 2 ** 21) return false;
        }
        const stop = at + length;
        if (!(stop <= end)) return false;
        if (field.isNested) {
          if (depth === MaxDepth || field.label === Label.Map) return false;
          if (!hasKnownFields(messageOf(field), bytes, at, stop, depth + 1)) return false;
        }
        at = stop;
        break;
      }
      case Wire.Varint:
        if (field.isNested) return false;
        while (bytes[at++]! >= 128) continue;
        break;
      default:
        return false;
    }
  }
  return at === end;
}
