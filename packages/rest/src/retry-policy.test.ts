import { expect, test } from 'vitest';
import { parseRetryAfter, reconnectAfterMs, retryAfterMs } from './retry-policy.js';
import { TransportError } from './transport.js';

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

test('an absurd number of seconds is no number of seconds', () => {
  expect(parseRetryAfter('99999999999', now)).toBeUndefined();
});

test.each([
  ['GET', 'reset', 1000],
  ['GET', 'truncated', 1000],
  ['GET', 'connect', undefined],
  ['GET', 'tls', undefined],
  ['POST', 'reset', undefined],
  ['DELETE', 'truncated', undefined],
] as const)('%s whose connection ended by %s waits %s', (method, failure, expected) => {
  expect(reconnectAfterMs(new TransportError(failure, 'x'), { method })).toBe(expected);
});
