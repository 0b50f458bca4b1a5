import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { test } from 'vitest';
import { extract } from './extract.js';

/*
 * A model of server-side apply: two managers apply values of one random type to one object, the server merges them, and notes
 * who owns what. What `extract` gives the first manager must be what he applied.
 */
type Json = unknown;
type Fields = Readonly<Record<string, Shape>>;
type Shape =
  | { readonly kind: 'scalar' | 'atomic' | 'set' }
  | { readonly kind: 'struct'; readonly fields: Fields }
  | { readonly kind: 'list'; readonly fields: Fields };
interface Keys {
  readonly name: string;
  readonly port: number;
}

const fieldName = fc.constantFrom('a', 'b', 'c', 'f:x', '.', '__proto__', 'constructor');
const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('scalar', 'atomic', 'set') }),
    fc.record({
      kind: fc.constantFrom('struct', 'list'),
      fields: fc.dictionary(fieldName, tie('shape'), { maxKeys: 4 }),
    }),
  ),
}));

const scalar = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null));

/** What one manager may apply to a place of this shape. Lists of elements are keyed by `name` and `port`. */
function applied(at: Shape): fc.Arbitrary<Json> {
  switch (at.kind) {
    case 'scalar':
      return scalar;
    case 'atomic':
      return fc.oneof(fc.array(scalar, { minLength: 1 }), fc.dictionary(fieldName, scalar, { minKeys: 1 }));
    case 'set':
      return fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('0', 'x')), { maxLength: 4 });
    case 'struct':
      return struct(at.fields);
    case 'list': {
      const key = fc.record({ name: fc.constantFrom('x', 'y', '"}'), port: fc.constantFrom(1, 2) });
      const element = fc.tuple(key, struct(at.fields)).map(([keys, rest]) => ({ ...(rest as object), ...keys }));
      return fc.uniqueArray(element, { maxLength: 4, selector: keyOf });
    }
  }
}

function struct(fields: Fields): fc.Arbitrary<Json> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, at]) => [name, applied(at)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
}

const keyOf = ({ name, port }: Keys): string => JSON.stringify({ name, port });

function shapeOf(fields: Fields, name: string): Shape {
  return (Object.hasOwn(fields, name) && fields[name]) || { kind: 'scalar' };
}

/** What the server notes about an applied value. */
function fieldSet(value: Json, at: Shape): object {
  const members: [string, object][] =
    at.kind === 'set'
      ? (value as Json[]).map((element) => [`v:${JSON.stringify(element)}`, {}])
      : at.kind === 'struct'
        ? fieldSets(value as object, at.fields)
        : at.kind === 'list'
          ? (value as Keys[]).map(({ name, port, ...rest }) => {
              const sets = fieldSets(rest, at.fields);
              return [
                `k:${keyOf({ name, port })}`,
                Object.fromEntries([['.', {}], ['f:name', {}], ['f:port', {}], ...sets]),
              ];
            })
          : [];
  return Object.fromEntries(members.length === 0 ? [] : [['.', {}], ...members]);
}

function fieldSets(value: object, fields: Fields): [string, object][] {
  return Object.entries(value).map(([name, field]) => [`f:${name}`, fieldSet(field, shapeOf(fields, name))]);
}

/** The object after both have applied: where both give one value, it is the first manager's. */
function merge(mine: Json, theirs: Json, at: Shape): Json {
  if (mine === undefined) return theirs;
  if (theirs === undefined) return mine;
  if (at.kind === 'set') return [...new Set([...(theirs as Json[]), ...(mine as Json[])])];
  if (!('fields' in at)) return mine;
  if (at.kind === 'struct') return mergeStructs(mine as object, theirs as object, at.fields);
  const left = new Map((mine as Keys[]).map((element) => [keyOf(element), element]));
  const right = new Map((theirs as Keys[]).map((element) => [keyOf(element), element]));
  return [...new Set([...right.keys(), ...left.keys()])].map((key) =>
    mergeStructs(left.get(key) ?? {}, right.get(key) ?? {}, at.fields),
  );
}

function mergeStructs(mine: object, theirs: object, fields: Fields): object {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const field = (of: object, name: string): Json =>
    Object.hasOwn(of, name) ? (of as Record<string, Json>)[name] : undefined;
  return Object.fromEntries(
    names.map((name) => {
      return [name, merge(field(mine, name), field(theirs, name), shapeOf(fields, name))];
    }),
  );
}

/** Elements and members of sets may come in another order. */
function sorted(value: Json, at: Shape): Json {
  switch (at.kind) {
    case 'scalar':
    case 'atomic':
      return value;
    case 'set':
      return (value as Json[]).map((element) => JSON.stringify(element)).toSorted();
    case 'struct':
      return Object.entries(value as object)
        .map(([name, field]) => [name, sorted(field, shapeOf(at.fields, name))] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
    case 'list':
      return (value as Keys[])
        .map(
          ({ name, port, ...rest }) =>
            [keyOf({ name, port }), sorted(rest, { kind: 'struct', fields: at.fields })] as const,
        )
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

interface Thing extends KubernetesObject {
  spec?: Json;
}
const things = defineResource<Thing>()({
  group: '',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  scope: 'Cluster',
});

test('what a manager gets back is what he applied', () => {
  const cases = fc
    .dictionary(fieldName, shape, { minKeys: 1, maxKeys: 4 })
    .map((fields): Shape => ({ kind: 'struct', fields }))
    .chain((at) => fc.tuple(fc.constant(at), applied(at), applied(at)));
  fc.assert(
    fc.property(cases, ([at, mine, theirs]) => {
      const entry = (manager: string, value: Json): object => ({
        manager,
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': fieldSet(value, at) },
      });
      const object = {
        metadata: { name: 'a', managedFields: [entry('they', theirs), entry('me', mine)] },
        spec: merge(mine, theirs, at),
      } as Thing;
      const { spec = {} } = extract(things, JSON.parse(JSON.stringify(object)) as Thing, 'me');
      return JSON.stringify(sorted(spec, at)) === JSON.stringify(sorted(mine, at));
    }),
    { numRuns: 500 },
  );
});
