import { expect, test } from 'vitest';
import { jwtExpiry } from './jwt-expiry.js';

const encode = (claims: string): string => `e30.${Buffer.from(claims).toString('base64url')}.sig`;

test.each([
  ['{"exp":1577836800}', 1_577_836_800_000],
  ['{"exp":1577836800.5,"name":"ä?>"}', 1_577_836_800_500],
  ['{"exp":1e9}', 1_000_000_000_000],
])('%s', (claims, expected) => {
  expect(jwtExpiry(encode(claims))).toBe(expected);
});

test.each([
  ['', 'three parts'],
  ['secret', 'three parts'],
  ['a.b', 'three parts'],
  ['a.b.c.d', 'three parts'],
  ['.'.repeat(1_000_000), 'three parts'],
  ['a.secret.c', 'its claims are no JSON'],
  [encode('secret'), 'its claims are no JSON'],
  [encode('null'), 'with exp'],
  [encode('[]'), 'with exp'],
  [encode('{}'), 'with exp'],
  [encode('{"exp":"1577836800"}'), 'with exp'],
  [encode('{"exp":1e999}'), 'with exp'],
])('%.40s is refused', (token, message) => {
  expect(() => jwtExpiry(token)).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      message: expect.stringMatching(new RegExp(`^(?!.*secret).*${message}`)) as string,
    }) as Error,
  );
});
