import {
  isForbidden,
  isNotFound,
  isServiceUnavailable,
  isStatusError,
  isTooManyRequests,
} from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import type { Config } from './config.js';
import { DeadlineExceededError } from './deadline.js';
import { ResponseDecodeError, RestClient, restClientFor } from './rest-client.js';
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from './transport.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Instead of an answer. */
  readonly error?: Error;
  /** The body breaks off after what there is of it. */
  readonly breaks?: boolean;
}

/** Gives prepared answers, one after the other; the last one again and again. */
class Script implements Transport {
  readonly requests: TransportRequest[] = [];
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    this.requests.push(request);
    const answer = (this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]) ?? {};
    if (answer.error) return Promise.reject(answer.error);
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(answer.body ?? '');
      if (answer.breaks) throw new TransportError('truncated', 'cut off');
    }
    return Promise.resolve({
      status: answer.status ?? 200,
      headers: answer.headers ?? {},
      body: body(),
      discard: () => Promise.resolve(),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function setUp(
  answers: Answer[],
  config: Partial<Config> = {},
): { script: Script; client: RestClient; clock: FakeClock } {
  const script = new Script(...answers);
  const clock = new FakeClock();
  return { script, clock, client: new RestClient({ host: 'https://server', transport: script, ...config }, clock) };
}

const get = {
  method: 'GET',
  target: { group: '', version: 'v1', resource: 'pods', namespace: 'ns', name: 'web' },
} as const;
const post = {
  method: 'POST',
  target: { group: '', version: 'v1', resource: 'pods', namespace: 'ns' },
  body: { a: 1 },
} as const;
const ok = { body: '{"ok":true}' };

/** Runs the clock until `promise` has settled. */
async function settled<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.then(
    () => (done = true),
    () => (done = true),
  );
  for (let i = 0; i < 100 && !done; i++) await clock.advance(clock.untilNext ?? 0);
  return promise;
}

describe('a request', () => {
  test('carries what the config says', async () => {
    const { client, script } = setUp([ok], {
      host: 'https://server/base',
      bearerToken: 'secret',
      userAgent: 'mine',
      impersonate: { userName: 'ann', uid: '7', groups: ['a', 'b'], extra: { 'Key/%': ['x', 'y'] } },
    });
    await client.json(post);
    const [request] = script.requests;
    expect(request?.url.href).toBe('https://server/base/api/v1/namespaces/ns/pods');
    expect(request?.body).toBe('{"a":1}');
    expect(request?.headers).toEqual({
      'user-agent': 'mine',
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer secret',
      'impersonate-user': 'ann',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-Key%2F%25': ['x', 'y'],
    });
  });

  test('encodes a name and password of any script', async () => {
    const { client, script } = setUp([ok], { username: 'ä', password: '𝄞' });
    await client.json(get);
    expect(script.requests[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('ä:𝄞').toString('base64')}`);
  });

  test('cannot have a token and a password', () => {
    expect(() => setUp([ok], { bearerToken: 'x', username: 'y' })).toThrow(/exclude each other/);
  });
});

describe('a failure', () => {
  test.each([
    [
      'a Status',
      {
        status: 404,
        body: '{"kind":"Status","status":"Failure","reason":"NotFound","message":"pods \\"web\\" not found","code":404}',
      },
      isNotFound,
      'pods "web" not found',
    ],
    [
      'a page of a proxy',
      { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>busy</html>' },
      isServiceUnavailable,
      'the server is currently unable to handle the request (get pods web)',
    ],
    [
      'a refusal in plain text',
      { status: 403, headers: { 'content-type': 'text/plain' }, body: 'no entry' },
      isForbidden,
      'no entry (get pods web)',
    ],
    ['nothing at all', { status: 404 }, isNotFound, 'the server could not find the requested resource (get pods web)'],
    [
      'a Status that was cut off',
      { status: 404, body: '{"kind":"Status","sta' },
      isNotFound,
      'the server could not find the requested resource (get pods web)',
    ],
    [
      'JSON that is no Status',
      { status: 404, body: '{"message":5}' },
      isNotFound,
      'the server could not find the requested resource (get pods web)',
    ],
    [
      'a teapot',
      { status: 418, body: 'short and stout' },
      isStatusError,
      'the server responded with the status code 418 but did not return more information (get pods web)',
    ],
  ] as const)('told by %s', async (_, answer, guard, message) => {
    const { client } = setUp([answer]);
    const error: unknown = await client.json(get).catch((reason: unknown) => reason);
    expect(guard(error), String(error)).toBe(true);
    expect((error as Error).message).toBe(message);
  });

  test('keeps at most 2048 characters of a text', async () => {
    const { client } = setUp([{ status: 500, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(10_000) }]);
    const error = (await client.json(get).catch((reason: unknown) => reason)) as Error;
    expect(error.message.length).toBeLessThan(2200);
  });

  test('a success that is not JSON names the request', async () => {
    const { client } = setUp([{ body: 'hello' }]);
    const error = (await client.json(get).catch((reason: unknown) => reason)) as Error;
    expect(error).toBeInstanceOf(ResponseDecodeError);
    expect(error.message).toBe('GET pods "web": the answer is not JSON: "hello"');
  });
});

describe('retries', () => {
  test('wait as long as the server asks, also when something is written', async () => {
    const { client, script, clock } = setUp([{ status: 429, headers: { 'retry-after': '3' } }, ok]);
    const result = client.json(post);
    await clock.advance(2999);
    expect(script.requests).toHaveLength(1);
    await clock.advance(1);
    expect(await result).toEqual({ ok: true });
    expect(script.requests).toHaveLength(2);
  });

  test('end after ten, with the error before as the cause of the last', async () => {
    const { client, script, clock } = setUp([{ status: 429, headers: { 'retry-after': '1' } }]);
    const error = (await settled(
      clock,
      client.json(get).catch((reason: unknown) => reason),
    )) as Error;
    expect(isTooManyRequests(error)).toBe(true);
    expect(script.requests).toHaveLength(11);
    expect(isTooManyRequests(error.cause)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('read again when the connection broke, before or within the body', async () => {
    const broken = [{ error: new TransportError('reset', 'x') }, { body: '{"o', breaks: true }, ok];
    const { client, clock } = setUp(broken);
    expect(await settled(clock, client.json(get))).toEqual({ ok: true });
  });

  test('never write again when the connection broke: the server may have seen it', async () => {
    const { client, script } = setUp([{ error: new TransportError('reset', 'x') }, ok]);
    await expect(client.json(post)).rejects.toThrow(TransportError);
    expect(script.requests).toHaveLength(1);
  });

  test('end with the abort, and leave no timer', async () => {
    const { client, clock } = setUp([{ status: 503, headers: { 'retry-after': '60' } }]);
    const controller = new AbortController();
    const result = client.json(get, { signal: controller.signal });
    await clock.advance(10);
    controller.abort(new Error('mine'));
    await expect(result).rejects.toThrow('mine');
    expect(clock.pending).toBe(0);
  });
});

describe('a token source', () => {
  test('is asked once more when the server refuses, and the request repeated', async () => {
    const bearerToken = vi.fn<Exclude<Config['bearerToken'], string | undefined>>(({ rejected }) =>
      Promise.resolve(rejected ? 'new' : 'old'),
    );
    const { client, script } = setUp([{ status: 401 }, ok], { bearerToken });
    expect(await client.json(post)).toEqual({ ok: true });
    expect(bearerToken.mock.calls.map(([{ rejected }]) => rejected)).toEqual([undefined, 'old']);
    expect(script.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer old', 'Bearer new']);
  });

  test('that has nothing new leaves the refusal as it is', async () => {
    const { client, script } = setUp([{ status: 401 }], { bearerToken: () => Promise.resolve('same') });
    await expect(client.json(get)).rejects.toMatchObject({ code: 401 });
    expect(script.requests).toHaveLength(1);
  });

  test('that fails fails the request, with its own error', async () => {
    const { client } = setUp([ok], { bearerToken: () => Promise.reject(new Error('no token today')) });
    await expect(client.json(get)).rejects.toThrow('no token today');
  });
});

test('a deadline names operation and limit, and leaves no timer and the signal of the caller alone', async () => {
  const { client, clock } = setUp([{ status: 503, headers: { 'retry-after': '60' } }]);
  const { signal } = new AbortController();
  const error = (await settled(
    clock,
    client.json(get, { timeoutMs: 500, signal }).catch((reason: unknown) => reason),
  )) as Error;
  expect(error).toBeInstanceOf(DeadlineExceededError);
  expect(error.message).toBe('GET pods "web": not done within 500 ms');
  expect(signal.aborted).toBe(false);
  expect(clock.pending).toBe(0);
});

test('the limiter lets a burst through, and then so many a second', async () => {
  const { client, script, clock } = setUp([ok], { qps: 2, burst: 3 });
  const all = Promise.all(Array.from({ length: 5 }, () => client.json(get)));
  await clock.advance(0);
  expect(script.requests).toHaveLength(3);
  await clock.advance(500);
  expect(script.requests).toHaveLength(4);
  await clock.advance(500);
  await all;
  expect(script.requests).toHaveLength(5);
});

test('warnings reach the handler, whatever the outcome', async () => {
  const onWarning = vi.fn();
  const { client } = setUp([{ status: 404, headers: { warning: '299 - "deprecated"' } }], { onWarning });
  await expect(client.json(get)).rejects.toThrow();
  expect(onWarning).toHaveBeenCalledWith({ code: 299, agent: '-', text: 'deprecated' });
});

test('one config value has one client', () => {
  const config = { host: 'http://server' };
  expect(restClientFor(config)).toBe(restClientFor(config));
  expect(restClientFor({ ...config })).not.toBe(restClientFor(config));
});

test('fetch says what it cannot do, by name', () => {
  expect(() => new RestClient({ host: 'https://server', tls: { ca: 'pem' } })).toThrow(
    /config\.tls\.ca is set, which global fetch/,
  );
  expect(() => new RestClient({ host: 'https://server', proxyUrl: 'http://proxy' })).toThrow(/config\.proxyUrl is set/);
});
