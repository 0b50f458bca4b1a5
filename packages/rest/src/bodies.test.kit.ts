import { type KubernetesList, type KubernetesObject, parseJson, type WatchEvent } from '@client-ts/apimachinery';
import * as fc from 'fast-check';

/*
 * Bodies of lists and watches, and what JSON.parse makes of them. JSON is made as text rather than from values, because white
 * space, escapes, doubled keys and the spelling of numbers are what could make a difference.
 */

const space = fc.constantFrom('', '', '', '', ' ', '\n', '\t\r\n ');

/** A string, with some of its letters escaped; unless it has escapes already, which must stay whole. */
function spelled(value: string, escapes: number): string {
  const text = JSON.stringify(value);
  if (escapes === 0 || text.includes('\\')) return text;
  const escape = (character: string, at: number): string => {
    const plain = character.length > 1 || character === '"' || (escapes >> (at % 31)) % 2 === 0;
    return plain ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  };
  return Array.from(text, escape).join('');
}

const hostile = fc.constantFrom(
  '\\',
  '"',
  '","items":[{',
  '"metadata":{"managedFields":[',
  '\\"}]}',
  ']},',
  ']},"a',
  '\u2028€𝄞',
  '\ud800',
  '',
);
const text = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 8 }));
const spelledText = fc
  .tuple(text, fc.oneof(fc.constant(0), fc.nat()))
  .map(([value, escapes]) => spelled(value, escapes));
const numbers = fc.constantFrom(
  '0',
  '-0',
  '1e400',
  '-1E-400',
  '5e-324',
  '9007199254740993',
  '0.1',
  '123456789012345678',
);
const keys = fc
  .tuple(
    fc.constantFrom('metadata', 'managedFields', 'items', 'object', '__proto__', 'constructor', 'toString', 'a', ''),
    fc.constantFrom(0, 0, 0, 4),
  )
  .map(([key, escapes]) => spelled(key, escapes));

export const objectOf = (members: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(fc.tuple(...members), space, space).map(([texts, before, after]) => {
    return `{${before}${texts.join(`${after},${before}`)}${after}}`;
  });
const member = (key: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(key, space, space, value).map(([name, before, after, rest]) => `${name}${before}:${after}${rest}`);
const listOf = (item: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(item, { maxLength }), space, space)
    .map(([items, before, after]) => `[${before}${items.join(`${after},${before}`)}${after}]`);

const { value, object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.oneof(spelledText, numbers, fc.constantFrom('null', 'true', 'false')),
    listOf(tie('value'), 3),
    tie('object'),
  ),
  object: fc
    .array(member(keys, tie('value')), { maxLength: 3 })
    .chain((members) => objectOf(members.map((one) => fc.constant(one)))),
}));

const managedFields = member(
  fc.constantFrom('"managedFields"', '"managedFields"', String.raw`"managed\u0046ields"`),
  fc.oneof(listOf(object, 2), listOf(object, 2), value),
);
const metadata = fc
  .shuffledSubarray([managedFields, member(fc.constant('"name"'), spelledText), member(keys, value), managedFields])
  .chain(objectOf);
const item = fc.oneof(
  fc
    .shuffledSubarray([
      member(fc.constant('"metadata"'), metadata),
      member(fc.constant('"metadata"'), fc.oneof(metadata, value)),
      member(fc.constant('"spec"'), value),
      member(keys, metadata),
      member(fc.constant('"kind"'), fc.constantFrom('"Other"', 'null')),
    ])
    .chain(objectOf),
  object,
);
/** Chunks between these places, given as parts of the whole. */
export function cut(body: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.floor(place * body.length)), body.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => body.subarray(index === 0 ? 0 : ends[index - 1], end));
}
export const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
export const asBytes = (body: Uint8Array): Uint8Array[] => Array.from(body, (byte) => Uint8Array.of(byte));

export const edits = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 3 }),
  insert: fc.oneof(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '0', 'x', ' ', '{}', ',{}', '\0', '\u00a0'),
    fc.string({ maxLength: 3 }),
  ),
});

export function edited(body: Uint8Array, place: number, remove: number, insert: string): Uint8Array {
  const at = Math.floor(place * body.length);
  return Uint8Array.from([...body.subarray(0, at), ...new TextEncoder().encode(insert), ...body.subarray(at + remove)]);
}

export type ListOutcome = KubernetesList<KubernetesObject> | 'refused';

const type = { apiVersion: 'example.com/v1', kind: 'Thing' };
export const thing = { group: 'example.com', version: 'v1', kind: 'Thing' };

/** What a list should be, by parsing all of it; `undefined` when damage made it a list of something else. */
export function parsedList(body: Uint8Array, dropManagedFields: boolean): ListOutcome | undefined {
  try {
    const list = parseJson(new TextDecoder().decode(body)) as Partial<KubernetesList<KubernetesObject>>;
    if (!isObject(list)) return 'refused';
    const items = list.items ?? [];
    if (!Array.isArray(items) || !items.every(isObject)) return 'refused';
    const { apiVersion = type.apiVersion, kind = `${type.kind}List` } = list;
    if (apiVersion !== type.apiVersion || kind !== `${type.kind}List`) return undefined;
    list.items = items;
    list.metadata ??= {};
    for (const item of items) {
      if (dropManagedFields) delete item.metadata?.managedFields;
      item.apiVersion ??= type.apiVersion;
      item.kind ??= type.kind;
    }
    return list as KubernetesList<KubernetesObject>;
  } catch {
    return 'refused';
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const around: fc.Arbitrary<string>[] = [
  fc.constant(`"apiVersion":"${type.apiVersion}"`),
  fc.constant(`"kind":"${type.kind}List"`),
  member(fc.constant('"metadata"'), fc.oneof(object, fc.constant('null'))),
  member(fc.constantFrom('"more"', '"__proto__"'), value),
];
export const items = member(
  fc.constantFrom('"items"', '"items"', '"items"', String.raw`"it\u0065ms"`),
  fc.oneof(listOf(item, 3), listOf(item, 3), listOf(item, 3), fc.constantFrom('null', '{}', '[null]', '[[]]', '["a"]')),
);
export const withBytes = (body: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.constantFrom('', '', '\ufeff'), space, body, space)
    .map((parts) => new TextEncoder().encode(parts.join('')));
/** With items in any place, or none. */
export const lists = withBytes(
  fc.oneof(fc.shuffledSubarray([...around, items], { minLength: 1 }), fc.constant([...around, items])).chain(objectOf),
);

const event = fc
  .oneof(
    fc.constant([member(fc.constant('"type"'), fc.constant('"ADDED"')), member(fc.constant('"object"'), item)]),
    fc.shuffledSubarray([
      member(fc.constant('"type"'), fc.constantFrom('"MODIFIED"', '"DELETED"', '"SURPRISE"')),
      member(fc.constant('"object"'), item),
      member(fc.constant('"object"'), fc.oneof(item, value)),
      member(fc.constantFrom('"metadata"', '"more"'), item),
    ]),
  )
  .chain(objectOf)
  .map((text) => text.replaceAll(/[\r\n]/g, ' '));
export const streams = fc.array(event, { maxLength: 4 }).map((lines) => new TextEncoder().encode(lines.join('\n')));

export type WatchOutcome = WatchEvent<KubernetesObject>[] | 'refused';

export function parsedWatch(stream: Uint8Array, dropManagedFields: boolean): WatchOutcome {
  const events: WatchEvent<KubernetesObject>[] = [];
  for (const line of new TextDecoder().decode(stream).split('\n')) {
    if (line === '') continue;
    const { type, object } = parseJson(line) as { type: string; object: KubernetesObject };
    if (!['ADDED', 'MODIFIED', 'DELETED'].includes(type)) return 'refused';
    if (!isObject(object)) return 'refused';
    if (dropManagedFields) delete object.metadata?.managedFields;
    events.push({ type, object } as WatchEvent<KubernetesObject>);
  }
  return events;
}
