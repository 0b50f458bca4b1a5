import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fnv1a64 } from './fnv1a64.js';

/** By the definition, with integers of any size. */
function definition(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & (2n ** 64n - 1n);
  return hash.toString(16).padStart(16, '0');
}

function hex(text: string): string {
  const { high, low } = fnv1a64(text);
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

// hash_test.go: TestHashField, and the vectors that are published with FNV.
test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('the hash of %j', (text, expected) => {
  expect(hex(text)).toBe(expected);
});

test('is the one of the definition, for every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(hex(text)).toBe(definition(text));
    }),
  );
});
