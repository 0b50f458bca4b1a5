import { expect, test } from 'vitest';
import { afterEarlier, parseRetryAfter, reconnectAfterMs, retryAfterMs } from './retry-policy.js';
import { TransportError } from './transport-error.js';

const now = Date.UTC(2026, 0, 1);

test.each([
  [429, '1', 1000],
  [500, '2', 2000],
  [503, '0', 0],
  [599, '1', 1000],
  [429, undefined, undefined],
  [404, '1', undefined],
  [200, '1', undefined],
  [600, '1', undefined],
  [503, 'soon', undefined],
  [503, 'Thu, 01 Jan 2026 00:00:05 GMT', 5000],
  [503, 'Wed, 31 Dec 2025 00:00:00 GMT', 0],
])('status %i with Retry-After %s waits %s', (status, retryAfter, expected) => {
  expect(retryAfterMs({ status, headers: { 'retry-after': retryAfter } }, now)).toBe(expected);
});

test.each(['99999999999', '-1', '1.5', '2026', '5 minutes', '2026-01-01T00:00:05Z', ''])(
  '%j, which Date.parse may take for a date, is no wish to wait',
  (value) => {
    // Four digits are seconds, whatever they look like.
    expect(parseRetryAfter(value, now)).toBe(value === '2026' ? 2_026_000 : undefined);
  },
);

test.each([
  ['GET', 'reset', 1000],
  ['GET', 'truncated', 1000],
  ['GET', 'connect', undefined],
  ['GET', 'tls', undefined],
  ['POST', 'reset', undefined],
  ['GET', 'timeout', undefined],
  ['GET', 'other', undefined],
  ['DELETE', 'truncated', undefined],
] as const)('%s whose connection ended by %s waits %s', (method, failure, expected) => {
  expect(reconnectAfterMs(new TransportError(failure, 'x'), { method })).toBe(expected);
});

test('a later failure remembers the one before, and loses nothing of its own', () => {
  const earlier = new Error('busy');
  const own = new Error('ECONNRESET');
  const reset = new TransportError('reset', 'server: reset', { cause: own });
  const result = afterEarlier(reset, earlier) as TransportError;
  expect(result).toMatchObject({ failure: 'reset', message: 'server: reset', cause: { errors: [own, earlier] } });
  expect(reset.cause).toBe(own);
  expect(afterEarlier(new TransportError('reset', 'x'), earlier)).toHaveProperty('cause', earlier);
  expect(afterEarlier(reset, undefined)).toBe(reset);
  expect(afterEarlier(own, earlier)).toBe(own);
});
