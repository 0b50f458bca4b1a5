import { type KubernetesObject, parseJson, type ProtobufTable } from '@client-ts/apimachinery';
import { isStatusError, isUnknownFieldsError } from '@client-ts/apimachinery/errors';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { protobuf } from '../protobuf.js';
import { encodeBase64 } from '../base64.js';
import { Absent, type Field, Form, Kind, Label, messageOf, type MessageType } from './message-type.js';
import { MessageTypes } from './message-types.js';
import { ProtobufError } from './protobuf-error.js';
import { drain, things, thingType } from './things.test.kit.js';

const codec = protobuf(things);
const lenient = protobuf(things, { unknownFields: 'drop' });
const options = { what: 'GET things', type: thingType };

/** As deep as messages are within each other. */
const MaxDepth = 3;

const text = fc.oneof(
  fc.string({ maxLength: 40, size: 'max' }),
  fc.string({ unit: 'binary', maxLength: 20, size: 'max' }),
  fc.constant('__proto__'),
);
const seconds = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const time = seconds.map((date) => date.toISOString().replace(/\.\d+Z/, 'Z'));

/** Objects of the first kind of a table, as a server would show them in JSON, with anything in their fields. */
function anyThing(table: ProtobufTable): fc.Arbitrary<KubernetesObject> {
  const [kind = ''] = table.kinds;
  const typeMeta = { apiVersion: `${table.group}/${table.version}`, kind };
  return anyMessage(new MessageTypes().get(table, kind), 0).map((fields) => ({ ...typeMeta, ...(fields as object) }));
}

function anyMessage(type: MessageType, depth: number): fc.Arbitrary<unknown> {
  const fields = type.fields.flatMap((field) => (field ? [field] : []));
  const [first] = fields;
  if (type.form === Form.Whole && first) return fc.array(anyValue(first, depth), { maxLength: 3 });
  if (type.form === Form.Choice) {
    const shown = fields.map((field) => anyField(field, depth));
    return fc.oneof(...shown).map((value) => (isEmptyList(value) ? [{}] : value));
  }
  const shown = fields.filter((field) => !field.isNested || depth < MaxDepth || field.absent !== Absent.Unset);
  const entries = shown.map((field): fc.Arbitrary<object> => {
    if (field.kind === Kind.Inline) return anyMessage(messageOf(field), depth + 1) as fc.Arbitrary<object>;
    const value = anyField(field, depth).map((value) => ({ [field.name]: value }));
    const none = field.absent === Absent.Null ? { [field.name]: null } : {};
    if (field.absent === Absent.Empty) return value;
    const isEmpty = (object: object): boolean => {
      const [shown] = Object.values(object) as unknown[];
      if (field.label !== Label.One) return Object.keys(shown as object).length === 0;
      return field.absent === Absent.Omitted && (shown === '' || shown === 0 || shown === false || shown === null);
    };
    return fc.oneof(
      fc.constant(none),
      value.map((object) => (isEmpty(object) ? none : object)),
    );
  });
  return fc.tuple(...entries).map((parts) => Object.assign({}, ...parts) as object);
}

function anyField(field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.label !== Label.One && field.isNested && depth >= MaxDepth) {
    return fc.constant(field.label === Label.List ? [] : {});
  }
  switch (field.label) {
    case Label.List:
      return fc.array(anyValue(field, depth), { maxLength: 3 });
    case Label.Map:
      return fc
        .array(fc.tuple(text, anyValue(field, depth)), { maxLength: 3 })
        .map((entries) => Object.fromEntries(entries) as object);
    default:
      return anyValue(field, depth);
  }
}

function anyValue(field: Field, depth: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case Kind.String:
      return text;
    case Kind.Int32:
      return fc.integer();
    case Kind.Int64:
      return fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(asNumberIfExact));
    case Kind.Bool:
      return fc.boolean();
    case Kind.Double:
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case Kind.Bytes:
      return fc.uint8Array({ maxLength: 20, size: 'max' }).map(encodeBase64);
    case Kind.Quantity:
      return fc.constantFrom('0', '500m', '2Gi');
    case Kind.Time:
      return fc.oneof(time, field.absent === Absent.Empty ? fc.constant(null) : time);
    case Kind.MicroTime:
      return fc
        .tuple(time, fc.nat(999_999))
        .map(([at, micros]) => at.replace('Z', `.${String(micros).padStart(6, '0')}Z`));
    case Kind.IntOrString:
      return fc.oneof(fc.integer(), text);
    case Kind.Json:
      return fc
        .json()
        .map((json) => parseJson(json))
        .filter((value) => value !== null);
    default:
      return anyMessage(messageOf(field), depth + 1);
  }
}

function asNumberIfExact(value: bigint): bigint | number {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

test('whatever is written is read again as it was', () => {
  fc.assert(
    fc.property(anyThing(things), (thing) => {
      expect(codec.decode(codec.encode(thing), options)).toEqual(thing);
    }),
  );
});

const body = fc.array(anyThing(things), { maxLength: 3 }).map((items) => {
  const list = { apiVersion: 'example.com/v1', kind: 'ThingList', metadata: { resourceVersion: '1' }, items };
  return codec.encode(list);
});

test('what is cut off is never taken for the whole', () => {
  fc.assert(
    fc.property(body, fc.nat(), (bytes, at) => {
      const cut = bytes.subarray(0, at % bytes.length);
      for (const decoder of [codec.listDecoder(options), codec.encodedListDecoder(options)]) {
        expect(() => drain(decoder, cut)).toThrow(ProtobufError);
      }
    }),
  );
});

test('bytes that were changed are read, or refused with an error that says so', () => {
  const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }), remove: fc.nat({ max: 2 }) });
  fc.assert(
    fc.property(body, fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat({ max: 40 }), (bytes, changes, size) => {
      let changed = [...bytes];
      for (const { at, value, remove } of changes) changed.splice(at % changed.length, remove, value);
      changed = [0x6b, 0x38, 0x73, 0, ...changed.slice(4)];
      const frame = [0, 0, changed.length >> 8, changed.length & 255, ...changed];
      const attempts = [
        () => codec.decode(Uint8Array.from(changed), options),
        () => lenient.decode(Uint8Array.from(changed), options),
        () => drain(codec.listDecoder(options), Uint8Array.from(changed), size + 1),
        () => {
          for (const { bytes, decoder } of drain(codec.encodedListDecoder(options), Uint8Array.from(changed))) {
            decoder.decode(bytes);
            decoder.decodeMetadata(bytes);
          }
        },
        () => drain(codec.watchDecoder(options), Uint8Array.from(frame)),
      ];
      for (const attempt of attempts) {
        try {
          attempt();
        } catch (error) {
          expect(error).toSatisfy(
            (error) => error instanceof ProtobufError || isUnknownFieldsError(error) || isStatusError(error),
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('bytes that are encoded objects have no unknown fields, whatever was done to them', () => {
  const { Spec = '', ...messages } = things.messages;
  const older = protobuf({
    ...things,
    messages: { ...messages, Spec: Spec.replace(/,1[25] [^,]+/g, ''), Part: '1 id string!' },
  });
  const refuses = (decode: () => unknown): boolean => {
    try {
      decode();
      return false;
    } catch (error) {
      return isUnknownFieldsError(error);
    }
  };
  const without = { ...options, dropManagedFields: true };
  fc.assert(
    fc.property(body, fc.nat(), fc.integer({ min: 0, max: 255 }), (bytes, at, value) => {
      expect(refuses(() => drain(older.encodedListDecoder(options), bytes))).toBe(
        refuses(() => drain(older.listDecoder(without), bytes)),
      );
      const changed = bytes.with(4 + (at % (bytes.length - 4)), value);
      for (const each of [codec, older]) {
        let objects: readonly unknown[] = [];
        try {
          objects = drain(each.encodedListDecoder(options), changed);
        } catch {
          continue;
        }
        expect(objects.length === 0 || !refuses(() => drain(each.listDecoder(without), changed))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
