import { defineResource, type KubernetesObject, type RequestOptions, type Warning } from '@client-ts/apimachinery';
import {
  isAlreadyExists,
  isForbidden,
  isNotFound,
  isTooManyRequests,
  StatusError,
} from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import type { Config } from './config.js';
import { DeadlineExceededError } from './deadline.js';
import { ResponseDecodeError } from './decode-json.js';
import type { Middleware } from './middleware.js';
import { TokenBucket } from './rate-limiter.js';
import type { RequestEvent } from './request-event.js';
import { failureOf, get, ok, post, setUp, settled } from './rest-client.test.kit.js';
import { RestClient, restClientFor } from './rest-client.js';
import { Script } from './script.test.kit.js';
import { TransportError } from './transport-error.js';
import { defaultUserAgent } from './user-agent.js';

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
    expect(request).toHaveProperty('body', '{"a":1}');
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

  test('may bring credentials of its own', async () => {
    const bearerToken = vi.fn<() => Promise<string>>(() => Promise.resolve('x'));
    const { client, script } = setUp([{ status: 401 }], { bearerToken });
    await failureOf(client.json({ ...get, headers: { authorization: 'Bearer own' } }));
    expect(script.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer own']);
    expect(bearerToken).not.toHaveBeenCalled();
  });

  test('that acts as somebody else does not keep the groups of the one in the config', async () => {
    const impersonate = { userName: 'ann', uid: '7', groups: ['admins'], extra: { scope: ['all'] } };
    const { client, script } = setUp([ok], { impersonate });
    await client.json({ ...get, headers: { 'impersonate-user': 'bob' } });
    expect(script.requests[0]?.headers).toEqual({
      'user-agent': defaultUserAgent(),
      accept: 'application/json',
      'impersonate-user': 'bob',
    });
  });

  test('cannot have a token and a password', () => {
    expect(() => setUp([ok], { bearerToken: 'x', username: 'y' })).toThrow(/exclude each other/);
  });
});

test('dates in Retry-After are of the machine, whose clock goes on while it sleeps', async () => {
  const wall = Date.now() + 3_600_000;
  using now = vi.spyOn(Date, 'now').mockReturnValue(wall);
  const script = new Script({ status: 503, headers: { 'retry-after': new Date(wall).toUTCString() } }, ok);
  const client = new RestClient({ host: 'https://server', transport: script });
  expect(await client.json(get)).toEqual({ ok: true });
  expect(now).toHaveBeenCalled();
});

describe('a failure', () => {
  test('is the Status that the server sent', async () => {
    const body = '{"kind":"Status","reason":"NotFound","message":"pods \\"web\\" not found"}';
    const { client } = setUp([{ status: 404, body }]);
    const error = await failureOf(client.json(get));
    expect(isNotFound(error)).toBe(true);
    expect(error.message).toBe('pods "web" not found');
  });

  test('is known by its code, also when the body breaks off', async () => {
    const { client, script } = setUp([{ status: 409, body: '{"kind":"Sta', breaks: true }]);
    expect(isAlreadyExists(await failureOf(client.json(post)))).toBe(true);
    expect(script.requests).toHaveLength(1);
  });

  test('hides behind a success', async () => {
    const { client } = setUp([{ body: '{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no"}' }]);
    expect(isForbidden(await failureOf(client.json(get)))).toBe(true);
  });

  test.each([
    ['hello', 'GET pods "web": the answer is not JSON: "hello"'],
    [`<html>${'x'.repeat(1000)}`, `GET pods "web": the answer is not JSON: "<html>${'x'.repeat(94)}"`],
    ['{"data":{"password":"c2VjcmV0', 'GET pods "web": the answer is not JSON: it ends too early, or is damaged'],
  ])('is a success that is not JSON: %j', async (body, message) => {
    const { client } = setUp([{ body }]);
    const error = await failureOf(client.json(get));
    expect(error).toBeInstanceOf(ResponseDecodeError);
    expect(error.message).toBe(message);
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
    const error = await settled(clock, failureOf(client.json(get)));
    expect(isTooManyRequests(error)).toBe(true);
    expect(script.requests).toHaveLength(11);
    expect(isTooManyRequests(error.cause)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('are as many as the config says', async () => {
    const { client, script, clock } = setUp([{ status: 429, headers: { 'retry-after': '1' } }], { retry: { max: 2 } });
    await settled(clock, failureOf(client.json(get)));
    expect(script.requests).toHaveLength(3);
  });

  test.each([
    ['300 of 300 seconds', undefined, '300', 2],
    ['301 of 300 seconds', undefined, '301', 1],
    ['9 of 10 seconds, and then 9 of 1', 10_000, '9', 2],
    ['days', undefined, '999999', 1],
  ])('wait no longer altogether than their budget: %s', async (_, budgetMs, seconds, sent) => {
    const answers = [{ status: 503, headers: { 'retry-after': seconds } }];
    const { client, script, clock } = setUp(answers, { retry: { budgetMs } });
    await settled(clock, failureOf(client.json(get)));
    expect(script.requests).toHaveLength(sent);
  });

  test('are told to the observer, with their reason, and without what was sent', async () => {
    const observer = vi.fn<(event: RequestEvent) => void>();
    const answers = [{ status: 429, headers: { 'retry-after': '3' } }, ok];
    const { client, clock } = setUp(answers, { observer, qps: 1, burst: 1 });
    await settled(clock, client.json(post));
    const request = { method: post.method, target: post.target };
    expect(observer.mock.calls.map(([event]) => event)).toEqual([
      { type: 'throttled', request, waitedMs: 0 },
      { type: 'retrying', request, retry: 1, delayMs: 3000, error: expect.any(StatusError) },
      { type: 'throttled', request, waitedMs: 0 },
    ]);
  });

  test('are not for the observer to prevent: what it throws is an uncaught exception', async () => {
    const uncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    const observer = vi.fn<(event: RequestEvent) => void>(() => {
      throw new Error('mine');
    });
    const { client, clock } = setUp([{ status: 429, headers: { 'retry-after': '3' } }, ok], { observer, qps: 1 });
    expect(await settled(clock, client.json(get))).toEqual({ ok: true });
    expect(observer.mock.calls.map(([{ type }]) => type)).toEqual(['throttled', 'retrying', 'throttled']);
    expect(uncaught.mock.calls).toHaveLength(3);
    for (const [report] of uncaught.mock.calls) expect(report).toThrow('mine');
    uncaught.mockRestore();
  });

  test('read again when the connection broke, before or within the body', async () => {
    const broken = [{ error: new TransportError('reset', 'x') }, { body: '{"o', breaks: true }, ok];
    const { client, clock } = setUp(broken);
    expect(await settled(clock, client.json(get))).toEqual({ ok: true });
  });

  test('read a list from its beginning again when it broke off within', async () => {
    const items = '{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}';
    const { client, clock } = setUp([{ body: items.slice(0, -20), breaks: true }, { body: items }]);
    const pods = defineResource<KubernetesObject>()({ ...get.target, kind: 'Pod', scope: 'Namespaced' });
    const list = await settled(clock, client.resource(pods, 'ns').list());
    expect(list.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
  });

  test('never write again when the connection broke: the server may have seen it', async () => {
    const { client, script } = setUp([{ error: new TransportError('reset', 'x') }, ok]);
    await expect(client.json(post)).rejects.toThrow(TransportError);
    expect(script.requests).toHaveLength(1);
  });

  test('tell of the attempt before, and leave errors of the transport as they were', async () => {
    const reset = new TransportError('reset', 'server: reset');
    const { client, clock } = setUp([{ status: 503, headers: { 'retry-after': '1' } }, { error: reset }]);
    const error = await settled(clock, failureOf(client.json(get)));
    expect(error).toMatchObject({ failure: 'reset', message: 'server: reset' });
    expect(reset.cause).toBeUndefined();
    let root = error;
    while (root.cause instanceof Error) root = root.cause;
    expect(root.message).toBe('the server is currently unable to handle the request (get pods web)');
  });

  test('are not for the start of a watch: its reader knows better where to go on from', async () => {
    const { client, script } = setUp([{ error: new TransportError('reset', 'x') }]);
    await expect(client.send(get, { longRunning: true })).rejects.toThrow(TransportError);
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

  test('that fails when it is asked again lets go of the refusal', async () => {
    const bearerToken = ({ rejected }: { rejected?: string | undefined }): Promise<string> =>
      rejected ? Promise.reject(new Error('no token today')) : Promise.resolve('old');
    const { client, script } = setUp([{ status: 401 }], { bearerToken });
    await expect(client.json(get)).rejects.toThrow('no token today');
    expect(script.discarded).toBe(1);
  });

  test('that fails fails the request, with its own error', async () => {
    const { client } = setUp([ok], { bearerToken: () => Promise.reject(new Error('no token today')) });
    await expect(client.json(get)).rejects.toThrow('no token today');
  });
});

test('an aborted signal asks nobody, not even for a token', async () => {
  const bearerToken = vi.fn<() => Promise<string>>(() => Promise.resolve('x'));
  const { client, script } = setUp([ok], { bearerToken });
  await expect(client.json(get, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
  expect(bearerToken).not.toHaveBeenCalled();
  expect(script.requests).toEqual([]);
});

test('a deadline names operation and limit, and leaves no timer and the signal of the caller alone', async () => {
  const { client, clock } = setUp([{ status: 503, headers: { 'retry-after': '60' } }]);
  const { signal } = new AbortController();
  const error = await settled(clock, failureOf(client.json(get, { timeoutMs: 500, signal })));
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

test('a limiter of one’s own is asked instead', async () => {
  const rateLimiter = new TokenBucket(1, 1, new FakeClock());
  await rateLimiter.take();
  const { client, script } = setUp([ok], { rateLimiter, qps: 1000 });
  const controller = new AbortController();
  const result = client.json(get, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(result).rejects.toThrow('enough');
  expect(script.requests).toEqual([]);
});

test('the limiter does not hold up the start of a watch', async () => {
  const { client, script } = setUp([ok], { qps: 1, burst: 1 });
  for (let i = 0; i < 3; i++) await client.send(get, { longRunning: true });
  expect(script.requests).toHaveLength(3);
});

test.each([{ qps: 0 }, { qps: Number.NaN }, { qps: 1, burst: 0 }])('%j is no limit', (config) => {
  expect(() => setUp([ok], config)).toThrow(/config\.(qps|burst): expected/);
});

test('warnings reach the handler, whatever the outcome', async () => {
  const onWarning = vi.fn<(warning: Warning) => void>();
  const { client } = setUp([{ status: 404, headers: { warning: '299 - "deprecated"' } }], { onWarning });
  await failureOf(client.json(get));
  expect(onWarning).toHaveBeenCalledWith({ code: 299, agent: '-', text: 'deprecated' });
});

test('a handler that comes with the request goes before that of the config', async () => {
  const [ofConfig, ofRequest] = [vi.fn<(warning: Warning) => void>(), vi.fn<(warning: Warning) => void>()];
  const { client } = setUp([{ headers: { warning: '299 - "deprecated"' }, body: '{"items":[]}' }], {
    onWarning: ofConfig,
  });
  const pods = defineResource<KubernetesObject>()({ ...get.target, kind: 'Pod', scope: 'Namespaced' });
  const options = { onWarning: ofRequest };
  const resource = client.resource(pods, 'ns');
  await client.json(get, options);
  await client.send(get, options);
  await resource.list(options);
  for await (const _ of resource.listItems(options)) expect.fail('there are none');
  await resource.delete('web', options);
  expect(ofRequest).toHaveBeenCalledTimes(5);
  expect(ofConfig).not.toHaveBeenCalled();
});

test('whoever made a request is told that it will be sent again, when and why', async () => {
  const busy = { status: 429, headers: { 'retry-after': '7' } };
  const pods = defineResource<KubernetesObject>()({ ...get.target, kind: 'Pod', scope: 'Namespaced' });
  const calls: readonly ((client: RestClient, options: RequestOptions) => Promise<unknown>)[] = [
    (client, options) => client.json(get, options),
    (client, options) => client.send(get, options),
    (client, options) => client.resource(pods, 'ns').list(options),
    (client, options) => client.resource(pods, 'ns').listItems(options)[Symbol.asyncIterator]().next(),
    (client, options) => client.resource(pods, 'ns').watch(options)[Symbol.asyncIterator]().next(),
    (client, options) => client.resource(pods, 'ns').delete('web', options),
  ];
  for (const call of calls) {
    const onRetry = vi.fn<NonNullable<RequestOptions['onRetry']>>();
    const { client, clock } = setUp([busy, { body: '{"items":[]}' }]);
    await settled(
      clock,
      call(client, { onRetry }).catch(() => undefined),
    );
    expect(onRetry).toHaveBeenCalledOnce();
    const [retry] = onRetry.mock.lastCall!;
    expect([retry.delayMs, isTooManyRequests(retry.error)]).toEqual([7000, true]);
  }
});

test('what a handler of warnings throws fails the request, and lets go of the answer', async () => {
  const onWarning = (): never => {
    throw new Error('mine');
  };
  const { client, script } = setUp([{ headers: { warning: '299 - "deprecated"' } }], { onWarning });
  await expect(client.json(get)).rejects.toThrow('mine');
  expect(script.discarded).toBe(1);
});

describe('middleware', () => {
  const marking =
    (mark: string): Middleware =>
    async (request, next) => {
      const response = await next({
        ...request,
        headers: { ...request.headers, marks: `${String(request.headers['marks'] ?? '')}${mark}` },
      });
      return { ...response, headers: { ...response.headers, warning: `299 - "${mark}"` } };
    };

  test('sees each attempt, the first of it outermost, credentials included', async () => {
    const seen: unknown[] = [];
    const watching: Middleware = (request, next) => {
      seen.push(request.headers['authorization']);
      return next(request);
    };
    const warnings: string[] = [];
    const { client, script } = setUp([{ status: 401 }, ok], {
      bearerToken: ({ rejected }) => Promise.resolve(rejected ? 'new' : 'old'),
      middleware: [marking('a'), marking('b'), watching],
      onWarning: ({ text }) => warnings.push(text),
    });
    await client.json(get);
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
    expect(script.requests.map(({ headers }) => headers['marks'])).toEqual(['ab', 'ab']);
    expect(warnings).toEqual(['a']);
  });

  test('may answer by itself, and what it throws is treated as the transport’s', async () => {
    let calls = 0;
    const failing: Middleware = (request, next) => {
      calls++;
      return calls === 1 ? Promise.reject(new TransportError('reset', 'on purpose')) : next(request);
    };
    const { client, clock } = setUp([ok], { middleware: [failing] });
    expect(await settled(clock, client.json(get))).toEqual({ ok: true });
    expect(calls).toBe(2);
  });
});

test('an attempt is announced, throttled, given its credentials and sent through the middleware, in this order', async () => {
  const steps: string[] = [];
  const note = (step: string): void => void steps.push(step);
  const answers = [{ status: 503, headers: { 'retry-after': '1', warning: '299 - "busy"' } }, ok];
  const { client, clock } = setUp(answers, {
    rateLimiter: { take: () => Promise.resolve(note('limiter')) },
    bearerToken: () => Promise.resolve('token').finally(() => note('token')),
    middleware: [(request, next) => next(request).finally(() => note('middleware'))],
    observer: ({ type }) => note(type),
    onWarning: () => note('warning'),
  });
  await settled(clock, client.json(get));
  const attempt = ['limiter', 'throttled', 'token', 'middleware'];
  expect(steps).toEqual([...attempt, 'warning', 'retrying', ...attempt]);
  steps.length = 0;
  await client.send(get, { longRunning: true });
  expect(steps).toEqual(['token', 'middleware']);
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
