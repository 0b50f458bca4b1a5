import { expect, test } from 'vitest';
import { identityOf, type TransportOptions } from './tls-identity.js';

const different: TransportOptions[] = [
  {},
  { tls: { ca: 'one' } },
  { tls: { ca: 'two' } },
  { tls: { cert: 'one' } },
  { tls: { cert: 'one', key: 'secret' } },
  { tls: { cert: 'one', key: 'another' } },
  { tls: { serverName: 'one' } },
  { tls: { insecure: true } },
  { proxyUrl: 'http://one' },
  { proxyUrl: 'http://user:secret@one' },
];

test('whatever decides over a connection is part of the identity', () => {
  expect(new Set(different.map(identityOf)).size).toBe(different.length);
});

test('what means the same has the same identity', () => {
  expect(identityOf({ tls: {} })).toBe(identityOf({}));
  expect(identityOf({ tls: { insecure: false, ca: undefined }, proxyUrl: undefined })).toBe(identityOf({}));
  expect(identityOf({ tls: { key: 'k', cert: 'c' } })).toBe(identityOf({ tls: { cert: 'c', key: 'k' } }));
});

test('no secret can be read from an identity', () => {
  for (const options of different) expect(identityOf(options)).not.toContain('secret');
});
