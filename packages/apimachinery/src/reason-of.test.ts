import { expect, test } from 'vitest';
import { reasonOf } from './reason-of.js';

test.each<[thrown: unknown, reason: string]>([
  [new TypeError('no such thing'), 'no such thing'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [Symbol('a'), 'Symbol(a)'],
  [Object.create(null), 'object without a text'],
  [{ toString: () => ({}) }, 'object without a text'],
  [new Proxy({}, { getPrototypeOf: () => expect.fail('asked') }), 'object without a text'],
])('%# is told in words', (thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});
