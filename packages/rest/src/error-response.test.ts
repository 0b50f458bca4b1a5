import {
  isConflict,
  isForbidden,
  isInternalError,
  isNotFound,
  isServiceUnavailable,
  isStatusError,
  isTooManyRequests,
  suggestsClientDelay,
} from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { errorOf } from './error-response.js';
import { TransportError } from './transport-error.js';
import type { TransportResponse } from './transport-request.js';

const get = {
  method: 'GET',
  target: { group: '', version: 'v1', resource: 'pods', namespace: 'ns', name: 'web' },
} as const;
const now = Date.UTC(2026, 0, 1);
const at = { clock: new FakeClock(now), nowMs: now };

interface Answer {
  readonly status: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly breaks?: boolean;
}

/** `left` tells whether the reader went away before the end. */
function respond({ status, headers = {}, body = '', breaks = false }: Answer): TransportResponse & { left: boolean } {
  const response = { status, headers, left: true, body: chunks(), discard: () => Promise.resolve() };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    if (breaks) throw new TransportError('truncated', 'cut off');
    response.left = false;
  }
  return response;
}

const notFound =
  '{"kind":"Status","status":"Failure","reason":"NotFound","message":"pods \\"web\\" not found","code":404}';
const nothingKnown = 'the server could not find the requested resource (get pods web)';
const html = { 'content-type': 'text/html; charset=utf-8' };
const plain = { 'content-type': 'text/plain' };

describe('an answer with', () => {
  test.each<[string, Answer, (error: unknown) => boolean, string]>([
    ['a Status', { status: 404, body: notFound }, isNotFound, 'pods "web" not found'],
    [
      'a Status that is labelled as text',
      { status: 404, headers: plain, body: notFound },
      isNotFound,
      'pods "web" not found',
    ],
    [
      'a Status without code',
      { status: 409, body: '{"kind":"Status","reason":"Conflict","message":"changed"}' },
      isConflict,
      'changed',
    ],
    [
      'a page of a proxy',
      { status: 503, headers: html, body: '<html>busy</html>' },
      isServiceUnavailable,
      'the server is currently unable to handle the request (get pods web)',
    ],
    [
      'a page of a proxy that failed itself',
      { status: 500, headers: html, body: '<h1>"Oops"</h1>\n' },
      isInternalError,
      'an error on the server ("<h1>\\"Oops\\"</h1>") has prevented the request from succeeding (get pods web)',
    ],
    [
      'a refusal in plain text',
      { status: 403, headers: plain, body: 'no entry' },
      isForbidden,
      'no entry (get pods web)',
    ],
    [
      'text of no known type',
      { status: 403, headers: { 'content-type': 'application/octet-stream' }, body: 'no entry' },
      isForbidden,
      'unknown (get pods web)',
    ],
    ['nothing at all', { status: 404 }, isNotFound, nothingKnown],
    ['a Status that was cut off', { status: 404, body: notFound.slice(0, 40), breaks: true }, isNotFound, nothingKnown],
    [
      'text that was cut off',
      { status: 403, headers: plain, body: 'no ent', breaks: true },
      isForbidden,
      'no ent (get pods web)',
    ],
    ['JSON that is no Status', { status: 404, body: '{"message":"boo"}' }, isNotFound, nothingKnown],
    [
      'a Status that tells of success',
      { status: 404, body: '{"kind":"Status","status":"Success"}' },
      isNotFound,
      nothingKnown,
    ],
    [
      'a code that means nothing here',
      { status: 418, body: 'short and stout' },
      isStatusError,
      'the server responded with the status code 418 but did not return more information (get pods web)',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login' } },
      isStatusError,
      'redirected to "https://login" (get pods web)',
    ],
  ])('%s', async (_, answer, guard, message) => {
    const error = await errorOf(get, respond(answer), at);
    expect(guard(error), String(error)).toBe(true);
    expect(error.message).toBe(message);
    expect(error.code).toBe(answer.status);
  });

  // Whoever looks into an error must not meet a type that it cannot have.
  test.each([
    '{"kind":"Status","message":5}',
    '{"kind":"Status","reason":{}}',
    '{"kind":"Status","code":"404"}',
    '{"kind":"Status","details":"none"}',
    '{"kind":"Status","details":{"causes":{}}}',
    '{"kind":"Status","details":{"causes":[null]}}',
    '{"kind":"Status","details":{"causes":[{"message":{}}]}}',
    '{"kind":"Status","details":{"retryAfterSeconds":"soon"}}',
    '{"kind":"Status","__proto__":{"message":5},"message":[]}',
  ])('the malformed Status %s is judged by its code', async (body) => {
    const error = await errorOf(get, respond({ status: 404, body }), at);
    expect(error.message).toBe(nothingKnown);
    expect(error.status.details?.causes).toEqual([{ reason: 'UnexpectedServerResponse', message: expect.anything() }]);
  });
});

test('the fields of a Status that this package does not know are kept', async () => {
  const body = '{"kind":"Status","reason":"NotFound","message":"gone","details":{"causes":null,"newer":1},"newer":2}';
  const { status } = await errorOf(get, respond({ status: 404, body }), at);
  expect(status).toMatchObject({ newer: 2, details: { newer: 1 } });
});

test('of a text 2048 bytes are kept, and no half character', async () => {
  const body = `x${'ä'.repeat(10_000)}`;
  const error = await errorOf(get, respond({ status: 403, headers: plain, body }), at);
  expect(error.message).toBe(`x${'ä'.repeat(1023)} (get pods web)`);
});

test('a body without end is left', async () => {
  const response = respond({ status: 403, headers: plain, body: new Uint8Array(3_000_000).fill(65) });
  const error = await errorOf(get, response, at);
  expect(error.message.length).toBeLessThan(2100);
  expect(response.left).toBe(true);
});

test('a body that does not come to its end is left after ten seconds, and what came by then counts', async () => {
  const clock = new FakeClock();
  let left = false;
  const parts = [new TextEncoder().encode('no ent')];
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const value = parts.shift();
        return value ? Promise.resolve({ done: false, value }) : new Promise(() => {});
      },
      return: () => {
        left = true;
        return new Promise(() => {}); // as a generator that waits for what does not come
      },
    }),
  };
  const failure = errorOf(
    get,
    { status: 403, headers: plain, body, discard: () => Promise.resolve() },
    { clock, nowMs: now },
  );
  await clock.advance(9_999);
  expect(left).toBe(false);
  await clock.advance(1);
  expect((await failure).message).toBe('no ent (get pods web)');
  expect(left).toBe(true);
  expect(clock.pending).toBe(0);
});

test.each([
  ['3', 3],
  ['Thu, 01 Jan 2026 00:00:07 GMT', 7],
  ['soon', undefined],
])('Retry-After %j becomes part of the error', async (value, expected) => {
  const error = await errorOf(get, respond({ status: 429, headers: { 'retry-after': value } }), at);
  expect(isTooManyRequests(error)).toBe(true);
  expect(suggestsClientDelay(error)).toBe(expected);
});

test('a path instead of a resource is not named', async () => {
  const error = await errorOf({ method: 'GET', target: '/readyz' }, respond({ status: 503 }), at);
  expect(error.message).toBe('the server is currently unable to handle the request');
});
