import { expect, test } from 'vitest';
import { toTransportError } from './to-transport-error.js';

function failed(message: string, code?: string, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), code === undefined ? {} : { code });
}

/** The system call that failed, as Node.js tells it. */
function on(syscall: string, error: Error): Error {
  return Object.assign(error, { syscall });
}

const refused = failed('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED');

test.each([
  ['a refused connection', refused, 'connect', 'server:1: connection refused'],
  ['what fetch makes of it', failed('fetch failed', undefined, refused), 'connect', 'server:1: connection refused'],
  [
    'one refusal for each address',
    new AggregateError([refused, failed('connect ENETUNREACH ::1', 'ENETUNREACH')]),
    'connect',
    'server:1: connection refused',
  ],
  ['an unknown name', failed('getaddrinfo ENOTFOUND x', 'ENOTFOUND'), 'connect', 'server:1: no such host'],
  [
    'a connection that takes too long',
    failed('Connect Timeout Error', 'UND_ERR_CONNECT_TIMEOUT'),
    'connect',
    'server:1: Connect Timeout Error (UND_ERR_CONNECT_TIMEOUT)',
  ],
  [
    'a proxy that opens no tunnel',
    failed('the proxy closed', 'ERR_PROXY_TUNNEL', failed('read ECONNRESET', 'ECONNRESET')),
    'connect',
    'server:1: the proxy closed (ERR_PROXY_TUNNEL)',
  ],
  [
    'an unknown authority',
    failed('unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    'tls',
    'server:1: unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  ],
  ['a wrong name', failed('not in altnames', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'tls', undefined],
  ['a self-signed certificate', failed('self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', undefined],
  ['no TLS at the other end', failed('wrong version number', 'EPROTO'), 'tls', undefined],
  ['a reset', failed('read ECONNRESET', 'ECONNRESET'), 'reset', 'server:1: connection reset by peer'],
  ['a peer that is gone', on('read', failed('read ETIMEDOUT', 'ETIMEDOUT')), 'reset', 'server:1: connection timed out'],
  ['a route that is gone', on('write', failed('write EHOSTUNREACH', 'EHOSTUNREACH')), 'reset', undefined],
  ['a peer that is not there', on('connect', failed('connect ETIMEDOUT', 'ETIMEDOUT')), 'connect', undefined],
  ['a close', failed('other side closed', 'UND_ERR_SOCKET'), 'reset', 'server:1: other side closed (UND_ERR_SOCKET)'],
  ['silence', failed('Headers Timeout Error', 'UND_ERR_HEADERS_TIMEOUT'), 'timeout', undefined],
  ['what nobody knows', failed('surprise'), 'other', 'server:1: surprise'],
  ['what is no error', 'thrown text', 'other', 'server:1: thrown text'],
])('%s', (_, error, failure, message) => {
  const result = toTransportError(error, 'server:1', 'sending');
  expect(result.failure).toBe(failure);
  expect(result.cause).toBe(error);
  if (message !== undefined) expect(result.message).toBe(message);
});

test.each([
  ['a close', failed('other side closed', 'UND_ERR_SOCKET'), 'truncated'],
  ['a reset', failed('read ECONNRESET', 'ECONNRESET'), 'truncated'],
  ['a dead peer', failed('read ETIMEDOUT', 'ETIMEDOUT'), 'truncated'],
  ['what fetch of a browser says', new TypeError('network error'), 'truncated'],
  ['a limit on silence', failed('Body Timeout Error', 'UND_ERR_BODY_TIMEOUT'), 'timeout'],
])('while a body is read, %s', (_, error, failure) => {
  expect(toTransportError(error, 'server:1', 'reading').failure).toBe(failure);
});
