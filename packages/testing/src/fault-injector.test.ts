import { isTransportError, type Transport, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { type Fault, FaultInjector, watches } from './fault-injector.js';

/** Answers every request with a body that stays open until its signal aborts, after one chunk. */
class OpenBodies implements Transport {
  readonly requests: string[] = [];

  request(request: TransportRequest): Promise<TransportResponse> {
    this.requests.push(request.url.pathname);
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('chunk');
      await new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error), { once: true });
      });
    }
    return Promise.resolve({ status: 200, headers: {}, body: body(), discard: () => Promise.resolve() });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function setUp(): { inner: OpenBodies; faults: FaultInjector } {
  const inner = new OpenBodies();
  return { inner, faults: new FaultInjector(inner) };
}

function get(path: string, signal?: AbortSignal): TransportRequest {
  return { method: 'GET', url: new URL(path, 'http://server'), headers: {}, signal };
}

describe('inject', () => {
  test('answers in place of the server, as often as asked, then lets requests through', async () => {
    const { inner, faults } = setUp();
    faults.inject({ kind: 'status', status: 503, body: 'busy' }, { times: 2 });
    const statuses = [];
    for (const path of ['/a', '/b', '/c']) statuses.push((await faults.request(get(path))).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect(inner.requests).toEqual(['/c']);
  });

  test('touches only requests that match', async () => {
    const { inner, faults } = setUp();
    faults.inject({ kind: 'error', failure: 'reset' }, { matches: watches });
    await faults.request(get('/pods'));
    await expect(faults.request(get('/pods?watch=true'))).rejects.toSatisfy(
      (error) => isTransportError(error) && error.failure === 'reset',
    );
    expect(inner.requests).toEqual(['/pods']);
  });

  test('disposing takes the fault back', async () => {
    const { faults } = setUp();
    faults.inject({ kind: 'status', status: 500 })[Symbol.dispose]();
    expect((await faults.request(get('/'))).status).toBe(200);
  });

  test('silence sends headers and then nothing until aborted', async () => {
    const { faults } = setUp();
    faults.inject({ kind: 'silence' });
    const controller = new AbortController();
    const { status, body } = await faults.request(get('/', controller.signal));
    expect(status).toBe(200);
    const next = body[Symbol.asyncIterator]().next();
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
  });
});

describe('a body', () => {
  async function read(body: AsyncIterable<Uint8Array>): Promise<string[]> {
    const pieces: string[] = [];
    try {
      for await (const piece of body) pieces.push(new TextDecoder().decode(piece));
      pieces.push('end');
    } catch (error) {
      pieces.push(isTransportError(error) ? error.failure : String(error));
    }
    return pieces;
  }
  const whole: Transport = {
    request: () => Promise.resolve({ status: 200, headers: {}, body: chunks(), discard: () => Promise.resolve() }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const text of ['abc', 'defg']) yield new TextEncoder().encode(text);
  }

  test.each<[Fault, string[]]>([
    [{ kind: 'split', bytes: 2 }, ['ab', 'c', 'de', 'fg', 'end']],
    [{ kind: 'split', bytes: 100 }, ['abc', 'defg', 'end']],
    [{ kind: 'truncate', bytes: 0, end: 'eof' }, ['end']],
    [{ kind: 'truncate', bytes: 2, end: 'eof' }, ['ab', 'end']],
    [{ kind: 'truncate', bytes: 3, end: 'reset' }, ['abc', 'reset']],
    [{ kind: 'truncate', bytes: 4, end: 'truncated' }, ['abc', 'd', 'truncated']],
    [{ kind: 'truncate', bytes: 100, end: 'reset' }, ['abc', 'defg', 'end']],
  ])('with %j is %j', async (fault, pieces) => {
    const faults = new FaultInjector(whole);
    faults.inject(fault);
    expect(await read((await faults.request(get('/'))).body)).toEqual(pieces);
    expect(faults.openResponses()).toBe(0);
  });
});

describe('cut', () => {
  test('reset rejects the pending read', async () => {
    const { faults } = setUp();
    const iterator = (await faults.request(get('/'))).body[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    expect(faults.cut('reset')).toBe(1);
    await expect(next).rejects.toSatisfy((error) => isTransportError(error) && error.failure === 'reset');
    expect(faults.openResponses()).toBe(0);
  });

  test('eof ends the body in good order', async () => {
    const { faults } = setUp();
    const iterator = (await faults.request(get('/'))).body[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    faults.cut('eof');
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('silence keeps back whatever comes, the end included, until it is aborted or cut', async () => {
    let send: (result: IteratorResult<Uint8Array>) => void = () => undefined;
    const next = (): Promise<IteratorResult<Uint8Array>> => new Promise((resolve) => (send = resolve));
    const faults = new FaultInjector({
      request: () =>
        Promise.resolve({
          status: 200,
          headers: {},
          body: { [Symbol.asyncIterator]: () => ({ next }) },
          discard: () => Promise.resolve(),
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    for (const result of [{ value: new Uint8Array(1) }, { done: true, value: undefined }] as const) {
      const { body } = await faults.request(get('/'));
      let came = false;
      const pending = body[Symbol.asyncIterator]().next();
      void pending.then(
        () => (came = true),
        () => undefined,
      );
      expect(faults.cut('silence')).toBe(1);
      send(result);
      for (let i = 0; i < 20; i++) await Promise.resolve();
      expect([came, faults.openResponses()]).toEqual([false, 1]);
      faults.cut('reset');
      await expect(pending).rejects.toSatisfy((error) => isTransportError(error) && error.failure === 'reset');
    }
  });

  test('leaves alone what does not match, and what has been left', async () => {
    const { faults } = setUp();
    await faults.request(get('/pods'));
    const { body } = await faults.request(get('/pods?watch=1'));
    for await (const _ of body) break;
    expect(faults.cut('reset', watches)).toBe(0);
    expect(faults.openResponses()).toBe(1);
  });

  test("the caller's own abort keeps its reason", async () => {
    const { faults } = setUp();
    const controller = new AbortController();
    const iterator = (await faults.request(get('/', controller.signal))).body[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    controller.abort(new Error('mine'));
    await expect(next).rejects.toThrow('mine');
  });
});
