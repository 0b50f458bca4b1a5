import { isTransportError, type Transport, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { FaultInjector, watches } from './fault-injector.js';

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
