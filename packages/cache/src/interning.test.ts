import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from './deep-freeze.js';
import { interning } from './interning.js';

const key = fc.constantFrom('a', 'b', 'c', '__proto__');
const tolerations = [{ key: 'not-ready', operator: 'Exists', seconds: 300 }];

function pod(name: string): { name: string; spec: { node: string; tolerations: unknown[] } } {
  return structuredClone({ name, spec: { node: 'n1', tolerations } });
}

/** Objects after which the next shares all that it has in common with them. */
function warm(share: <T>(object: T) => T): void {
  for (const name of ['a', 'b', 'c']) share(pod(name));
}

describe('interning', () => {
  test('gives objects that are equal to what they were, whatever they have in common', () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>('a', 'b', '', 1, 2, 0.5, -0.5, true, false, null, undefined),
      fc.string({ maxLength: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.array(tree, { maxLength: 20, size: 'max' }),
        fc.integer({ min: 1, max: 20 }),
        (objects, maxEntries) => {
          const share = interning<unknown>({ maxEntries });
          for (const object of [...objects, ...objects, ...objects])
            expect(share(structuredClone(object))).toEqual(object);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('objects share subtrees that are equal, and are themselves nobody else’s', () => {
    const share = interning<ReturnType<typeof pod>>();
    warm(share as <T>(object: T) => T);
    const [one, other] = [share(pod('d')), share(pod('d'))];
    expect(one).not.toBe(other);
    expect(one.spec).toBe(other.spec);
    expect(one).toEqual(pod('d'));
  });

  test.each<[string, unknown, unknown]>([
    ['an array and an object', { x: [] }, { x: {} }],
    ['numbers', { x: { n: 1 } }, { x: { n: 2 } }],
    ['a number and its digits', { x: { n: 1 } }, { x: { n: '1' } }],
    ['names', { x: { a: 'y' } }, { x: { b: 'y' } }],
    ['null and nothing', { x: { n: null } }, { x: {} }],
    ['numbers of items', { x: [1, 1] }, { x: [1] }],
  ])('%s are not equal', (_, a, b) => {
    const share = interning<unknown>();
    for (let n = 0; n < 3; n++) {
      expect(share(structuredClone(a))).toEqual(a);
      expect(share(structuredClone(b))).toEqual(b);
    }
  });

  test('remembers what comes again, and forgets what does not, so that it stays small', () => {
    const share = interning<ReturnType<typeof pod>>({ maxEntries: 16 });
    warm(share as <T>(object: T) => T);
    const { spec } = share(pod('d'));
    for (let n = 0; n < 200; n++) expect(share(pod(`unique-${n}`)).spec).toBe(spec);
    for (let n = 0; n < 40; n++) share({ name: `other-${n}`, spec: { node: `o${n}`, tolerations: [] } });
    warm(share as <T>(object: T) => T);
    expect(share(pod('d')).spec).not.toBe(spec);
  });

  test('takes what is frozen, nested without end, or named as members of Object are', () => {
    const share = interning<unknown>();
    const hostile = JSON.parse('{"__proto__":{"x":"y"},"constructor":{"x":"y"},"toString":"z"}') as object;
    let deep: unknown = 'end';
    for (let n = 0; n < 50_000; n++) deep = [deep];
    for (let n = 0; n < 3; n++) {
      expect(Object.keys(share(structuredClone(hostile)) as object)).toEqual(['__proto__', 'constructor', 'toString']);
      share(deepFreeze(pod('frozen')));
      expect(share({ deep })).toEqual(expect.objectContaining({ deep: expect.any(Array) as unknown }));
    }
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses to remember %s entries', (maxEntries) => {
    expect(() => interning({ maxEntries })).toThrow('maxEntries must be a positive integer');
  });
});
