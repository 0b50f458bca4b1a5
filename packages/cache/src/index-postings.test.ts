import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexPostings } from './index-postings.js';

const slot = fc.nat(400);
const value = fc.constantFrom('a', 'b', 'c', '__proto__', '');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ slot, values: fc.array(value, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ slot }) },
);

test('whatever is set and deleted, a value has the slots that have it, in the order in which they got it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const postings = new IndexPostings();
      const model = new Map<string, Set<number>>();
      const valuesOf = (each: number): string[] => [...model].filter(([, has]) => has.has(each)).map(([key]) => key);
      for (const { slot: changed, ...change } of steps) {
        const values = [...new Set('values' in change ? change.values : [])];
        if ('values' in change) postings.set(changed, change.values);
        else postings.delete(changed);
        // What changes at all comes last.
        if (!sameSet(values, valuesOf(changed))) {
          for (const [key, has] of model) if (has.delete(changed) && has.size === 0) model.delete(key);
          for (const each of values) model.set(each, (model.get(each) ?? new Set()).add(changed));
        }
      }
      expect(new Set(postings.values())).toEqual(new Set(model.keys()));
      for (const [each, has] of model) expect(postings.slotsOf(each)).toEqual([...has]);
      expect(postings.slotsOf('none')).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

test('what was freed is used again: ten thousand that come and go take no more than one', () => {
  const postings = new IndexPostings();
  for (let at = 0; at < 10_000; at++) {
    postings.set(0, [`value-${at}`, 'all']);
    postings.set(0, [`value-${at}`, 'all']);
  }
  expect(postings.values()).toEqual(['value-9999', 'all']);
  postings.delete(0);
  expect(postings.values()).toEqual([]);
});
