import { once } from 'node:events';
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseYaml } from '@client-ts/serializer/yaml';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse } from '../api-request.js';
import { jsonResponse, textResponse } from '../api-response.js';
import { ApiServer } from '../api-server.js';
import { listen, type Listener } from './listener.js';

const open: Listener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close();
});

async function serve(handle: (asked: ApiRequest) => ApiResponse): Promise<Listener> {
  const listener = await listen({ handle: (asked) => Promise.resolve(asked).then(handle) });
  open.push(listener);
  return listener;
}

interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly agent?: Agent;
}

async function send(
  { url }: Listener,
  path: string,
  { method, headers, body, agent }: Sent = {},
): Promise<IncomingMessage> {
  const sent = request(url + path, { method, headers, agent });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

/** A promise, and what settles it. */
function deferred<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const encoder = new TextEncoder();

describe('listen', () => {
  it('hands on what was asked, and hands back what was answered', async () => {
    const asked: ApiRequest[] = [];
    const listener = await serve((one) => {
      asked.push(one);
      return jsonResponse(201, { ok: true }, { warning: ['299 - "a"', '299 - "b"'] });
    });
    const response = await send(listener, '/api/v1/pods?limit=1', {
      method: 'POST',
      headers: { 'x-a': 'b' },
      body: '{}',
    });
    expect([response.statusCode, response.headers['content-type']]).toEqual([201, 'application/json']);
    expect(response.headers['warning']).toBe('299 - "a", 299 - "b"');
    expect(await text(response)).toBe('{"ok":true}');
    const [one] = asked;
    expect([one?.method, one?.url.pathname, one?.url.search]).toEqual(['POST', '/api/v1/pods', '?limit=1']);
    expect([one?.headers['x-a'], new TextDecoder().decode(one?.body as Uint8Array)]).toEqual(['b', '{}']);
  });

  it('takes a path with two slashes for a path', async () => {
    const listener = await serve(({ url }) => textResponse(200, 'text/plain', url.pathname));
    expect(await text(await send(listener, '//elsewhere/api'))).toBe('//elsewhere/api');
  });

  it('answers HEAD with headers only', async () => {
    const listener = await serve(() => jsonResponse(200, { much: true }));
    const response = await send(listener, '/', { method: 'HEAD' });
    expect([response.statusCode, await text(response)]).toEqual([200, '']);
  });

  it('sends the headers of a watch before its first event, and each event as it comes', async () => {
    const events = [deferred<string>(), deferred<string>()];
    const listener = await serve(() => ({ status: 200, headers: {}, body: stream() }));
    async function* stream(): AsyncGenerator<Uint8Array> {
      for (const event of events) yield encoder.encode(await event.promise);
    }
    const response = await send(listener, '/');
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]();
    for (const [i, event] of events.entries()) {
      event.resolve(`event ${i}\n`);
      expect((await chunks.next()).value).toBe(`event ${i}\n`);
    }
    expect((await chunks.next()).done).toBe(true);
  });

  it('takes no more from a body than its reader does', async () => {
    const chunk = new Uint8Array(64 * 1024);
    const total = 1000;
    let taken = 0;
    const listener = await serve(() => ({ status: 200, headers: {}, body: stream() }));
    async function* stream(): AsyncGenerator<Uint8Array> {
      for (; taken < total; taken++) yield chunk;
    }
    const response = await send(listener, '/');
    await once(response, 'readable');
    // What the sockets hold is all that can have been taken, however long nobody reads.
    const first = await settled(() => taken);
    expect(first).toBeLessThan(total);
    let length = 0;
    for await (const part of response as AsyncIterable<Uint8Array>) length += part.length;
    expect(length).toBe(total * chunk.length);
  });

  it('leaves a body, and tells so, when its reader has gone', async () => {
    const left = deferred();
    const told = deferred();
    const listener = await serve(({ signal }) => {
      signal?.addEventListener('abort', () => told.resolve());
      return { status: 200, headers: {}, body: stream(signal) };
    });
    async function* stream(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
      try {
        yield encoder.encode('one');
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      } finally {
        left.resolve();
      }
    }
    const response = await send(listener, '/');
    response.destroy();
    await Promise.all([left.promise, told.promise]);
  });

  it('survives a client that goes away in the middle of its request', async () => {
    const listener = await serve(() => jsonResponse(200, {}));
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half":');
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await send(listener, '/')).statusCode).toBe(200);
  });

  it('cuts the connection when a body fails, so that nobody takes it for complete', async () => {
    const listener = await serve(() => ({ status: 200, headers: {}, body: failing() }));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield encoder.encode('half');
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('on purpose');
    }
    await expect(text(await send(listener, '/'))).rejects.toThrow('aborted');
  });

  it('keeps a connection for the next request', async () => {
    const listener = await serve(() => jsonResponse(200, {}));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 3; i++) {
      const response = await send(listener, '/', { agent });
      ports.add(response.socket.localPort);
      await text(response);
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  it('closes with watches open, and may be closed again', async () => {
    const listener = await listen(new ApiServer());
    const watch = await send(listener, '/api/v1/pods?watch=1');
    const cut = text(watch).catch((error: unknown) => error);
    await Promise.all([listener.close(), listener.close()]);
    expect(await cut).toBeInstanceOf(Error);
    await listener[Symbol.asyncDispose]();
    await expect(send(listener, '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('rejects when the port is taken', async () => {
    const { url } = await serve(() => jsonResponse(200, {}));
    await expect(listen(new ApiServer(), { port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it('gives a config, and a kubeconfig with one context', async () => {
    const listener = await serve(() => jsonResponse(200, {}));
    expect(listener.config()).toEqual({ host: listener.url });
    expect(parseYaml(listener.kubeconfig())).toMatchObject({
      'current-context': 'in-memory',
      clusters: [{ name: 'in-memory', cluster: { server: listener.url } }],
      contexts: [{ name: 'in-memory', context: { cluster: 'in-memory', user: 'in-memory' } }],
    });
  });
});

/** A number that has stopped growing: it stays the same over several turns of the event loop. */
async function settled(read: () => number): Promise<number> {
  let last = read();
  for (let calm = 0; calm < 50;) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = read() === last ? calm + 1 : 0;
    last = read();
  }
  return last;
}
