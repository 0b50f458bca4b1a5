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

/** @param type - what the object is, unless it says so itself. */
export function openEnvelope(
  bytes: Uint8Array,
  start: number,
  end: number,
  { what, type, text }: { readonly what: string; readonly type: GroupVersionKind; readonly text: TextReader },
): Envelope {
  checkMagic(bytes, start, end, what);
  const fields = new FieldScanner(what);
  let raw: { start: number; end: number } | undefined;
  let known = type;
  fields.open(bytes, start + Magic.length, end);
  while (fields.next()) {
    if (fields.tag === UnknownTag.TypeMeta) known = readTypeMeta(bytes, fields.start, fields.end, { what, type, text });
    else if (fields.tag === UnknownTag.Raw) raw = { start: fields.start, end: fields.end };
    else if (fields.tag === UnknownTag.ContentEncoding) checkEncoding(fields.end - fields.start, what);
  }
  if (!raw) throw new ProtobufError(`${what}: there is no object in the answer`);
  return { type: known, ...raw };
}

/** @throws ProtobufError for what is no protobuf of Kubernetes. */
export function checkMagic(bytes: Uint8Array, start: number, end: number, what: string): void {
  if (end - start < Magic.length || Magic.some((byte, at) => bytes[start + at] !== byte)) {
    throw new ProtobufError(`${what}: the answer is not protobuf of Kubernetes: its first bytes should be "k8s\\0"`);
  }
}

export function readTypeMeta(
  bytes: Uint8Array,
  start: number,
  end: number,
  { what, type, text }: { readonly what: string; readonly type: GroupVersionKind; readonly text: TextReader },
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
