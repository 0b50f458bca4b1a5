import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldSet } from './field-set.js';

describe('fieldsV1', () => {
  test('is read and written', () => {
    const fields = {
      'f:data': { '.': {}, 'f:b': {}, 'f:a': {} },
      'f:spec': { 'f:ports': { 'k:{"port":443}': { '.': {}, 'f:port': {} }, 'k:{"port":80}': { 'f:name': {} } } },
    };
    const set = FieldSet.parse(fields);
    expect([...set.paths()].map((path) => path.join(' '))).toEqual([
      'f:data',
      'f:data f:a',
      'f:data f:b',
      'f:spec f:ports k:{"port":443}',
      'f:spec f:ports k:{"port":80} f:name',
      'f:spec f:ports k:{"port":443} f:port',
    ]);
    expect(set.toJSON()).toEqual(fields);
  });

  test('is written in order', () => {
    const text = '{"f:a":{"k:{\\"n\\":2}":{},"k:{\\"n\\":10}":{}},"f:b":{},"f:c":{".":{},"f:d":{}}}';
    expect(JSON.stringify(FieldSet.parse(JSON.parse(text)).toJSON())).toBe(text);
  });

  test('leaves out kinds of elements that it does not know', () => {
    expect(FieldSet.parse({ 'x:new': {}, 'f:a': {} }).toJSON()).toEqual({ 'f:a': {} });
  });

  test.each([null, 1, [], { 'f:a': 1 }, { a: {} }, { 'k:x': {} }, { 'f:a': { 'v:': {} } }])(
    '%j is not well formed',
    (fields) => {
      expect(() => FieldSet.parse(fields)).toThrow(SyntaxError);
    },
  );

  test('__proto__ is a name like any other', () => {
    const fields: unknown = JSON.parse('{"f:__proto__":{"f:polluted":{}},"k:{\\"__proto__\\":1}":{}}');
    expect(JSON.stringify(FieldSet.parse(fields).toJSON())).toBe(JSON.stringify(fields));
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('as sets of paths', () => {
  const step = constantFrom('f:a', 'f:b', 'v:1');
  const paths = array(array(step, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
  const setOf = (list: readonly string[][]): FieldSet =>
    list.reduce((set, path) => set.union(FieldSet.path(path)), FieldSet.empty);
  const textsOf = (set: FieldSet): string[] => [...set.paths()].map((path) => path.join(' ')).toSorted();
  const texts = (list: readonly string[][]): Set<string> => new Set(list.map((path) => path.join(' ')));

  test('union, intersection and difference', () => {
    assert(
      property(paths, paths, (a, b) => {
        const [one, other] = [texts(a), texts(b)];
        expect(textsOf(setOf(a).union(setOf(b)))).toEqual([...new Set([...one, ...other])].toSorted());
        expect(textsOf(setOf(a).intersection(setOf(b)))).toEqual([...one].filter((path) => other.has(path)).toSorted());
        expect(textsOf(setOf(a).difference(setOf(b)))).toEqual([...one].filter((path) => !other.has(path)).toSorted());
      }),
    );
  });

  test('without takes what is below, too', () => {
    assert(
      property(paths, paths, (a, b) => {
        const gone = [...texts(b)];
        const kept = [...texts(a)].filter((path) => !gone.some((top) => path === top || path.startsWith(`${top} `)));
        expect(textsOf(setOf(a).without(setOf(b)))).toEqual(kept.toSorted());
      }),
    );
  });

  test('has and isEmpty', () => {
    assert(
      property(paths, paths, (a, b) => {
        const set = setOf(a);
        expect(set.isEmpty).toBe(a.length === 0);
        for (const path of b) expect(set.has(path)).toBe(texts(a).has(path.join(' ')));
        expect(set.has([])).toBe(false);
      }),
    );
  });

  test('survive being written and read', () => {
    assert(
      property(paths, (a) => {
        expect(textsOf(FieldSet.parse(setOf(a).toJSON()))).toEqual([...texts(a)].toSorted());
      }),
    );
  });
});
