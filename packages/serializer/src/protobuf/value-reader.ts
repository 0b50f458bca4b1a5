import { parseJson } from '@client-ts/apimachinery';
import { encodeBase64 } from '../base64.js';
import { type Field, Kind } from './message-type.js';
import type { TextReader } from '../text-reader.js';
import { TimeFormatter } from './times.js';
import { WireReader } from './wire-reader.js';

/** Reads values as they are in JSON: all but messages that are objects there. */
export abstract class ValueReader extends WireReader {
  readonly #text: TextReader;
  readonly #times = new TimeFormatter();

  constructor(text: TextReader, dropsUnknown: boolean) {
    super(dropsUnknown);
    this.#text = text;
  }

  protected value(field: Field, end: number): unknown {
    switch (field.kind) {
      case Kind.String:
        return this.string(this.length(end));
      case Kind.Int32:
        return this.integer() | 0;
      case Kind.Int64:
        return this.exactInteger();
      case Kind.Bool:
        return this.integer() !== 0;
      case Kind.Message:
        return this.message(field, end);
      case Kind.Time:
      case Kind.MicroTime:
        return this.#time(field, end);
      case Kind.Quantity:
        return this.#quantity(field, end);
      case Kind.IntOrString:
        return this.#intOrString(field, end);
      case Kind.Double:
        return this.#double(end);
      case Kind.Bytes:
        return this.#base64(this.length(end));
      case Kind.Json:
        return this.#json(field, end);
      default:
        return undefined;
    }
  }

  protected abstract message(field: Field, end: number): unknown;

  #time(field: Field, end: number): string | null {
    const stop = this.length(end);
    if (this.at === stop) return null;
    let seconds = 0;
    let nanoseconds = 0;
    while (this.at < stop) {
      const tag = this.varint();
      if (tag === 8) seconds = this.integer();
      else if (tag === 16) nanoseconds = this.integer();
      else throw this.wrongWire(field);
    }
    if (this.at !== stop) throw this.cutOff();
    if (field.kind === Kind.MicroTime) {
      if (nanoseconds < 0 || nanoseconds >= 1e9) throw this.error(field, 'a time has nanoseconds beyond a second');
      return this.#times.microTime(seconds, nanoseconds) ?? this.#noTime(field);
    }
    return this.#times.time(seconds) ?? this.#noTime(field);
  }

  #noTime(field: Field): never {
    throw this.error(field, 'a time is outside of the years that can be written');
  }

  #quantity(field: Field, end: number): string {
    const stop = this.length(end);
    let text = '0';
    while (this.at < stop) {
      if (this.varint() !== 10) throw this.wrongWire(field);
      text = this.string(this.length(stop));
    }
    if (this.at !== stop) throw this.cutOff();
    return text;
  }

  #intOrString(field: Field, end: number): number | string {
    const stop = this.length(end);
    let isString = false;
    let number = 0;
    let text = '';
    while (this.at < stop) {
      const tag = this.varint();
      if (tag === 8) isString = this.integer() === 1;
      else if (tag === 16) number = this.integer() | 0;
      else if (tag === 26) text = this.string(this.length(stop));
      else throw this.wrongWire(field);
    }
    if (this.at !== stop) throw this.cutOff();
    return isString ? text : number;
  }

  #json(field: Field, end: number): unknown {
    const stop = this.length(end);
    let value: unknown = null;
    while (this.at < stop) {
      if (this.varint() !== 10) throw this.wrongWire(field);
      const textEnd = this.length(stop);
      const text = this.string(textEnd);
      try {
        value = text === '' ? null : parseJson(text);
      } catch (cause) {
        throw this.error(field, 'expected JSON', cause);
      }
    }
    if (this.at !== stop) throw this.cutOff();
    return value;
  }

  protected string(end: number): string {
    const text = this.#text.read(this.bytes, this.at, end);
    this.at = end;
    return text;
  }

  #base64(end: number): string {
    const text = encodeBase64(this.bytes.subarray(this.at, end));
    this.at = end;
    return text;
  }

  #double(end: number): number {
    const at = this.at;
    this.at += 8;
    if (this.at > end) throw this.cutOff();
    const { buffer, byteOffset } = this.bytes;
    return new DataView(buffer, byteOffset + at, 8).getFloat64(0, true);
  }
}
