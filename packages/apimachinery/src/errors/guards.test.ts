import { expect, test } from 'vitest';
import * as guards from './guards.js';
import { StatusError } from './status-error.js';

/** What a guard goes by: its reason, and the code that also counts when the reason is no known one. */
const rules: [guard: (err: unknown) => boolean, reason: string, code?: number][] = [
  [guards.isBadRequest, 'BadRequest', 400],
  [guards.isUnauthorized, 'Unauthorized', 401],
  [guards.isForbidden, 'Forbidden', 403],
  [guards.isNotFound, 'NotFound', 404],
  [guards.isMethodNotSupported, 'MethodNotAllowed', 405],
  [guards.isNotAcceptable, 'NotAcceptable', 406],
  [guards.isConflict, 'Conflict', 409],
  [guards.isAlreadyExists, 'AlreadyExists'],
  [guards.isGone, 'Gone', 410],
  [guards.isResourceExpired, 'Expired'],
  [guards.isUnsupportedMediaType, 'UnsupportedMediaType', 415],
  [guards.isInvalid, 'Invalid', 422],
  [guards.isInternalError, 'InternalError', 500],
  [guards.isServerTimeout, 'ServerTimeout'],
  [guards.isServiceUnavailable, 'ServiceUnavailable', 503],
  [guards.isTimeout, 'Timeout', 504],
];
/** These go by reason or code, whatever the other one says. */
const either: [guard: (err: unknown) => boolean, reason: string, code: number][] = [
  [guards.isRequestEntityTooLarge, 'RequestEntityTooLarge', 413],
  [guards.isTooManyRequests, 'TooManyRequests', 429],
];
const reasons = [...rules, ...either].map(([, reason]) => reason);
const codes = [...new Set([0, ...[...rules, ...either].map(([, , code]) => code ?? 200)])];

function errorOf(reason: string, code: number): StatusError {
  return new StatusError({ reason, code });
}

test.each(rules.map(([guard, reason, code]) => ({ guard, reason, code, name: guard.name })))(
  '$name goes by the reason $reason, and by $code when the reason is unknown',
  ({ guard, reason, code }) => {
    for (const given of codes) {
      for (const other of reasons) expect(guard(errorOf(other, given)), `${other} ${given}`).toBe(other === reason);
      for (const unknown of ['', 'Mystery', 'StoreReadError', 'constructor']) {
        expect(guard(errorOf(unknown, given)), `${unknown} ${given}`).toBe(given === code);
      }
    }
  },
);

test.each(either.map(([guard, reason, code]) => ({ guard, reason, code, name: guard.name })))(
  '$name goes by the reason $reason or by $code',
  ({ guard, reason, code }) => {
    for (const given of codes) {
      for (const other of ['', 'Mystery', ...reasons]) {
        expect(guard(errorOf(other, given)), `${other} ${given}`).toBe(other === reason || given === code);
      }
    }
  },
);

class ForeignStatusError extends Error {
  override readonly name = 'StatusError';
  readonly code = 404;
  readonly reason = 'NotFound';
  readonly status = { code: 404, reason: 'NotFound' };
}

test('an error of another copy of the package is recognized', () => {
  expect(guards.isNotFound(new ForeignStatusError('x'))).toBe(true);
});

test.each([
  undefined,
  null,
  'NotFound',
  404,
  { name: 'StatusError', code: 404, reason: 'NotFound', status: {} },
  new Error('NotFound'),
  Object.assign(new Error('x'), { name: 'StatusError', status: null, code: 404, reason: 'NotFound' }),
])('%j is no StatusError', (value) => {
  expect(guards.isNotFound(value)).toBe(false);
  expect(guards.isTooManyRequests(value)).toBe(false);
  expect(guards.isRequestEntityTooLarge(value)).toBe(false);
  expect(guards.hasStatusCause(value, 'x')).toBe(false);
  expect(guards.isTooLargeResourceVersion(value)).toBe(false);
  expect(guards.suggestsClientDelay(value)).toBeUndefined();
});

test.each<[string, ConstructorParameters<typeof StatusError>[0], number | undefined]>([
  ['no details', { reason: 'TooManyRequests' }, undefined],
  ['seconds', { reason: 'TooManyRequests', details: { retryAfterSeconds: 3 } }, 3],
  ['zero seconds', { reason: 'TooManyRequests', details: { retryAfterSeconds: 0 } }, undefined],
  ['any other reason with seconds', { reason: 'Mystery', details: { retryAfterSeconds: 3 } }, 3],
  ['a server timeout, at once', { reason: 'ServerTimeout', details: {} }, 0],
  ['a server timeout without details', { reason: 'ServerTimeout' }, undefined],
])('a delay is suggested by %s', (_, status, expected) => {
  expect(guards.suggestsClientDelay(new StatusError(status))).toBe(expected);
});

test.each<[ConstructorParameters<typeof StatusError>[0], boolean]>([
  [{ code: 504, reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }, true],
  [{ code: 504, reason: 'Timeout', message: 'Timeout: Too large resource version: 2, current: 1' }, true],
  [{ code: 504, reason: 'Timeout', details: { causes: [{ message: 'Too large resource version' }] } }, true],
  [{ code: 500, reason: 'InternalError', message: 'Too large resource version' }, false],
  [{ code: 504, reason: 'Timeout', message: 'too slow' }, false],
])('%j says that the server is behind: %s', (status, expected) => {
  expect(guards.isTooLargeResourceVersion(new StatusError(status))).toBe(expected);
});

test.each<[ConstructorParameters<typeof StatusError>[0], string]>([
  [{ message: 'm', reason: 'r' }, 'm'],
  [{ message: '', reason: 'r' }, 'r'],
  [{}, 'unknown error'],
])('the message of %j is %j', (status, message) => {
  const error = new StatusError(status, { cause: 'why' });
  expect([error.message, error.cause, error.code]).toEqual([message, 'why', 0]);
});
