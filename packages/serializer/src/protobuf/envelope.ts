import type { GroupVersionKind } from '@client-ts/apimachinery';
import { FieldScanner } from './field-scanner.js';
import { ProtobufError } from './protobuf-error.js';
import type { TextReader } from '../text-reader.js';

/** `k8s` and a zero, before every object that stands alone. */
export const Magic: readonly number[] = [0x6b, 0x38, 0x73, 0];

/** The tags of what is behind the magic bytes: a `runtime.Unknown`. */
export const UnknownTag = { TypeMeta: 10, Raw: 18, ContentEncoding: 26, ContentType: 34 } as const;

/** The tags of a `runtime.TypeMeta`. */
export const TypeMetaTag = { ApiVersion: 10, Kind: 18 } as const;

/** An object within what says its type. */
export interface Envelope {
  readonly type: GroupVersionKind;
  /** Where the message of the object is. */
  readonly start: number;
  readonly end: number;
}

export interface EnvelopeContext {
  readonly what: string;
  /** What an object is, unless it says so itself. */
  readonly type: GroupVersionKind;
  readonly text: TextReader;
}

/** Opens envelopes, one after the other. Objects of one type come in a row: what says the type is read when it changes. */
export class EnvelopeReader {
  readonly #context: EnvelopeContext;
  readonly #fields: FieldScanner;
  /** What said the type that was read last. */
  #typeBytes: Uint8Array = new Uint8Array(0);
  #type: GroupVersionKind;

  constructor(context: EnvelopeContext) {
    this.#context = context;
    this.#fields = new FieldScanner(context.what);
    this.#type = context.type;
  }

  /** @throws ProtobufError for what is no envelope. */
  open(bytes: Uint8Array, start: number, end: number): Envelope {
    const { what } = this.#context;
    checkMagic(bytes, start, end, what);
    const fields = this.#fields;
    let raw: { start: number; end: number } | undefined;
    let { type } = this.#context;
    fields.open(bytes, start + Magic.length, end);
    while (fields.next()) {
      if (fields.tag === UnknownTag.TypeMeta) type = this.#typeIn(bytes, fields.start, fields.end);
      else if (fields.tag === UnknownTag.Raw) raw = { start: fields.start, end: fields.end };
      else if (fields.tag === UnknownTag.ContentEncoding) checkEncoding(fields.end - fields.start, what);
    }
    if (!raw) throw new ProtobufError(`${what}: there is no object in the answer`);
    return { type, start: raw.start, end: raw.end };
  }

  #typeIn(bytes: Uint8Array, start: number, end: number): GroupVersionKind {
    const known = this.#typeBytes;
    let same = end - start === known.length;
    for (let at = 0; same && at < known.length; at++) same = bytes[start + at] === known[at];
    if (!same) {
      this.#type = readTypeMeta(bytes, start, end, this.#context);
      this.#typeBytes = bytes.slice(start, end);
    }
    return this.#type;
  }
}

/** @throws ProtobufError for what is no protobuf of Kubernetes. */
export function checkMagic(bytes: Uint8Array, start: number, end: number, what: string): void {
  const [k, eight, s, zero] = Magic;
  const found = bytes[start] === k && bytes[start + 1] === eight && bytes[start + 2] === s && bytes[start + 3] === zero;
  if (end - start < Magic.length || !found) {
    throw new ProtobufError(`${what}: the answer is not protobuf of Kubernetes: its first bytes should be "k8s\\0"`);
  }
}

export function readTypeMeta(
  bytes: Uint8Array,
  start: number,
  end: number,
  { what, type, text }: EnvelopeContext,
): GroupVersionKind {
  const fields = new FieldScanner(what);
  fields.open(bytes, start, end);
  let apiVersion = '';
  let kind = '';
  while (fields.next()) {
    if (fields.tag === TypeMetaTag.ApiVersion) apiVersion = text.read(bytes, fields.start, fields.end);
    else if (fields.tag === TypeMetaTag.Kind) kind = text.read(bytes, fields.start, fields.end);
  }
  if (apiVersion === '' || kind === '') return type;
  // More than one slash is no group version, and no table has it.
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind };
}

export function checkEncoding(length: number, what: string): void {
  if (length > 0) throw new ProtobufError(`${what}: the object is encoded once more, which is not supported`);
}
