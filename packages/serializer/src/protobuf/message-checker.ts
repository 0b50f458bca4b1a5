import { Label, messageOf, type MessageType, Wire } from './message-type.js';
import { type Reading, WireReader } from './wire-reader.js';

/**
 * Looks through messages for what a `MessageReader` would refuse: fields that are unknown or cut off. Values are not looked at, and
 * nothing is made of them.
 */
export class MessageChecker extends WireReader {
  /** @throws UnknownFieldsError */
  check(type: MessageType, bytes: Uint8Array, start: number, end: number, reading: Reading): void {
    this.begin(bytes, start, reading);
    this.#check(type, start, end);
  }

  /** Has its place in a variable, and reads short tags and lengths by itself: this is for every byte of large lists. */
  #check(type: MessageType, start: number, end: number): void {
    const bytes = this.bytes;
    const { fields } = type;
    let at = start;
    while (at < end) {
      let tag = bytes[at++]!;
      if (tag >= 128) {
        this.at = at;
        tag = this.longVarint(tag);
        at = this.at;
      }
      const field = fields[tag >>> 3];
      if (field === undefined || (tag & 7) !== Wire.Bytes) {
        this.at = at;
        if (field === undefined) this.unknown(tag, end);
        else if (field.isNested) throw this.wrongWire(field);
        else this.skip(tag, end);
        at = this.at;
        continue;
      }
      let length = bytes[at++]!;
      if (length >= 128) {
        this.at = at;
        length = this.longVarint(length);
        at = this.at;
      }
      const next = at + length;
      if (!(next <= end)) throw this.cutOff();
      if (field.isNested) {
        const type = messageOf(field);
        this.descend(field);
        if (field.label === Label.Map) this.#checkEntry(type, at, next);
        else this.#check(type, at, next);
        this.leave();
      }
      at = next;
    }
    if (at !== end) throw this.cutOff();
  }

  #checkEntry(type: MessageType, start: number, end: number): void {
    this.at = start;
    while (this.at < end) {
      const part = this.varint();
      if (part !== 18) {
        this.skip(part, end);
        continue;
      }
      const stop = this.length(end);
      this.#check(type, this.at, stop);
      this.at = stop;
    }
    if (this.at !== end) throw this.cutOff();
  }
}
