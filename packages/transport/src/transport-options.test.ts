import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { completeOptions, connectionKey, type TransportOptions } from './transport-options.js';

const source = () => ({});
const different: TransportOptions[] = [
  {},
  { tls: { ca: 'one' } },
  { tls: { ca: 'two' } },
  { tls: { cert: 'one' } },
  { tls: { cert: 'one', key: 'secret' } },
  { tls: { cert: 'one', key: 'another' } },
  { tls: { serverName: 'one' } },
  { tls: { insecure: true } },
  { tls: source },
  { tls: () => ({}) },
  { proxyUrl: 'http://one' },
  { proxyUrl: 'http://user:secret@one' },
  { http2: false },
  { maxConnections: 1 },
  { connectTimeoutMs: 1 },
  { keepAliveMs: 1 },
  { tcpProbeDelayMs: 1 },
  { clock: new FakeClock() },
];

const keyOf = (options: TransportOptions): string => connectionKey(completeOptions(options));

test('whatever decides over a connection is part of the key', () => {
  expect(new Set(different.map(keyOf)).size).toBe(different.length);
});

test('what means the same has the same key', () => {
  expect(keyOf({ tls: {} })).toBe(keyOf({}));
  expect(keyOf({ tls: { insecure: false, ca: undefined }, proxyUrl: undefined })).toBe(keyOf({}));
  expect(keyOf({ tls: { key: 'k', cert: 'c' } })).toBe(keyOf({ tls: { cert: 'c', key: 'k' } }));
  expect(keyOf({ tls: source })).toBe(keyOf({ tls: source }));
  expect(keyOf({ maxConnections: 32 })).toBe(keyOf({}));
  expect(keyOf({ headersTimeoutMs: 1, bodyTimeoutMs: 1, observer: () => {} })).toBe(keyOf({}));
});

test('no secret can be read from a key', () => {
  for (const options of different) expect(keyOf(options)).not.toContain('secret');
});

test.each([
  [{ maxConnections: 0 }, 'maxConnections: expected a number from 1 to 2147483647, got 0'],
  [{ connectTimeoutMs: 0 }, 'connectTimeoutMs: expected a number from 1 to 2147483647, got 0'],
  [{ headersTimeoutMs: -1 }, 'headersTimeoutMs: expected a number from 0 to 2147483647, got -1'],
  [{ bodyTimeoutMs: Number.NaN }, 'bodyTimeoutMs: expected a number from 0 to 2147483647, got NaN'],
  [{ keepAliveMs: 2 ** 31 }, 'keepAliveMs: expected a number from 1 to 2147483647, got 2147483648'],
])('%j is refused', (options, message) => {
  expect(() => completeOptions(options)).toThrow(new TypeError(message));
});
