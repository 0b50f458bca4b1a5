import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import type { Codec, KubernetesObject } from '@client-ts/apimachinery';
import { cbor } from '@client-ts/serializer/cbor';
import { protobuf } from '@client-ts/serializer/protobuf';

/** How a server writes what it answers with status 200. */
export interface Encoding {
  /** Reads it. Left out for what is read without one. */
  readonly codec?: Codec;
  /** A list, or one object. */
  readonly object: (object: KubernetesObject) => Uint8Array;
  /** An event of a watch, with what tells where it ends. */
  readonly event: (event: { readonly type: string; readonly object: KubernetesObject }) => Uint8Array;
}

const utf8 = new TextEncoder();
const cborCodec = cbor();
const protobufCodec = protobuf(coreV1Table);

export type EncodingName = 'JSON' | 'CBOR' | 'protobuf';

export const encodings: Readonly<Record<EncodingName, Encoding>> = {
  JSON: {
    object: (object) => utf8.encode(JSON.stringify(object)),
    event: (event) => utf8.encode(`${JSON.stringify(event)}\n`),
  },
  CBOR: {
    codec: cborCodec,
    object: (object) => cborCodec.encode(object),
    event: (event) => cborCodec.encode(event as object),
  },
  protobuf: {
    codec: protobufCodec,
    object: (object) => protobufCodec.encode(object),
    event: ({ type, object }) => protobufEvent(type, protobufCodec.encode(object)),
  },
};

/** The length, in four bytes, and a `WatchEvent` with its object in a `RawExtension`. */
function protobufEvent(type: string, object: Uint8Array): Uint8Array {
  const raw = Uint8Array.from(field(10, object));
  const event = [...field(10, utf8.encode(type)), ...field(18, raw)];
  return Uint8Array.of(0, 0, event.length >> 8, event.length & 255, ...event);
}

/** A field of fewer than 16,384 bytes. */
function field(tag: number, value: Uint8Array): number[] {
  const length = value.length < 128 ? [value.length] : [(value.length & 127) | 128, value.length >> 7];
  return [tag, ...length, ...value];
}
