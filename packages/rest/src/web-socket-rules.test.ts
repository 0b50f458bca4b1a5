import { expect, test } from 'vitest';
import { checkWebSocketRequest, shortenedReason } from './web-socket-rules.js';

test.each([
  ['', ''],
  ['x'.repeat(123), 'x'.repeat(123)],
  ['x'.repeat(124), 'x'.repeat(123)],
  ['ü'.repeat(100), 'ü'.repeat(61)],
  [`x${'🙂'.repeat(40)}`, `x${'🙂'.repeat(30)}`],
  [`\ufeff${'x'.repeat(200)}`, `\ufeff${'x'.repeat(120)}`],
])('of the reason %j a close frame has %j', (reason, expected) => {
  expect(shortenedReason(reason)).toBe(expected);
});

test.each([
  [{}, [], /^protocols: /],
  [{ 'sec-websocket-key': 'x' }, ['one'], /sec-websocket-key/],
  [{ upgrade: 'x' }, ['one'], /upgrade/],
])('a handshake with headers %j for %j is refused', (headers, protocols, message) => {
  expect(() => checkWebSocketRequest({ headers, protocols })).toThrow(message);
});
