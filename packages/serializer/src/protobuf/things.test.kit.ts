import type { BodyDecoder, ProtobufTable } from '@client-ts/apimachinery';
import { ByteWriter } from './byte-writer.js';
import { Magic } from './envelope.js';

/** Metadata, with the numbers that it has. */
export const meta: ProtobufTable = {
  group: 'meta.k8s.io',
  version: 'v1',
  kinds: ['DeleteOptions', 'PartialObjectMetadata', 'Status'],
  messages: {
    DeleteOptions: '1 gracePeriodSeconds int64?,5 dryRun string*',
    FieldsOwner: '1 manager string,7 fieldsV1 json?',
    ListMeta: '1 selfLink string,2 resourceVersion string,3 continue string,4 remainingItemCount int64?',
    ObjectMeta:
      '1 name string,3 namespace string,6 resourceVersion string,8 creationTimestamp time,11 labels string%,17 managedFields FieldsOwner*',
    PartialObjectMetadata: '1 metadata ObjectMeta!',
    Status: '1 metadata ListMeta!,2 status string,3 message string,4 reason string,6 code int32',
  },
};

/** A kind with a field of every type. */
export const things: ProtobufTable = {
  group: 'example.com',
  version: 'v1',
  kinds: ['Thing', 'Holder'],
  uses: { meta },
  messages: {
    Thing: '1 metadata meta.ObjectMeta!,2 spec Spec!,3 note string',
    Holder: '1 metadata meta.ObjectMeta!,2 things Thing*',
    Spec: [
      '1 name string!',
      '2 size int32',
      '3 count int64?',
      '4 ready bool',
      '5 ratio double?',
      '6 key bytes~',
      '7 limit quantity?',
      '8 begin time!',
      '9 seen microTime?',
      '10 port intOrString?',
      '11 raw json?',
      '12 part Part?',
      '13 ... Source',
      '14 parts Part*',
      '15 names string*~',
      '16 ports int32*',
      '17 labels string%',
      '18 limits quantity%',
      '19 verbs Verbs~',
      '20 extra Verbs%',
      '21 schema SchemaOrBool?',
      '22 self Spec?',
      '23 data bytes%',
      '24 items SchemaOrList?',
    ].join(),
    Part: '1 id string!,2 weight int32?',
    Source: '1 path string,2 secret Part?,3 mode int32!',
    Verbs: '=1 items string*~',
    Schema: '1 title string,2 properties Schema%,3 more SchemaOrBool?',
    SchemaOrBool: '|1 allows bool!,2 schema Schema~',
    SchemaOrList: '|1 schema Schema~,2 list Schema*~',
  },
};

export const thingType = { group: 'example.com', version: 'v1', kind: 'Thing' };

/** What every spec shows although nothing is there. */
export const emptySpec = { name: '', key: null, begin: null, mode: 0, names: null, verbs: null };

/** A body whose object is the message with these bytes. */
export function bodyOf(message: readonly number[], kind = 'Thing'): Uint8Array {
  const out = new ByteWriter();
  out.raw(Magic);
  out.varint(10);
  const typeMeta = out.begin();
  out.varint(10);
  out.text('example.com/v1');
  out.varint(18);
  out.text(kind);
  out.finish(typeMeta);
  out.varint(18);
  out.sized(Uint8Array.from(message));
  return out.take();
}

/** All values of a body that arrives in pieces. */
export function drain<V>(decoder: BodyDecoder<V>, bytes: Uint8Array, size: number = bytes.length || 1): V[] {
  const values: V[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    decoder.feed(bytes.subarray(at, at + size));
    for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  }
  decoder.end();
  return values;
}

/** An event of a watch with what `encode` gave, behind its length. */
export function frameOf(type: string, object: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.varint(10);
  out.text(type);
  out.varint(18);
  const raw = out.begin();
  out.varint(10);
  out.sized(object);
  out.finish(raw);
  const event = out.take();
  return Uint8Array.of(0, event.length >> 16, (event.length >> 8) & 255, event.length & 255, ...event);
}
