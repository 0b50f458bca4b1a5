import { isForbidden } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { openWebSocket } from './open-web-socket.js';
import { failureOf, get, ok, setUp } from './rest-client.test.kit.js';
import type { Transport } from './transport.js';
import type { WebSocketConnection, WebSocketRequest } from './web-socket.js';

describe('a WebSocket', () => {
  const exec = { target: { ...get.target, subresource: 'exec' }, query: { command: ['a', 'b'] } };
  const webSocket = { protocol: 'v5' } as WebSocketConnection;
  const heartbeat = { pingIntervalMs: 5000, silenceTimeoutMs: 61_000 };

  test('is opened with credentials, query and subprotocols', async () => {
    const { client, script } = setUp([{ status: 101, webSocket }], { bearerToken: 'secret', qps: 1, burst: 1 });
    for (let count = 0; count < 2; count++) {
      expect(await openWebSocket(client, exec, { protocols: ['v5', 'v4'], heartbeat })).toBe(webSocket);
    }
    const [request] = script.requests as WebSocketRequest[];
    expect(request?.url.href).toBe('https://server/api/v1/namespaces/ns/pods/web/exec?command=a&command=b');
    expect(request?.protocols).toEqual(['v5', 'v4']);
    expect(request?.heartbeat).toBe(heartbeat);
    expect(request?.headers['authorization']).toBe('Bearer secret');
    expect(request?.headers['accept']).toBe('*/*');
  });

  test('is asked for with the headers of its request', async () => {
    const { client, script } = setUp([{ status: 101, webSocket }]);
    await openWebSocket(client, { ...exec, headers: { accept: 'text/plain', 'x-own': 'yes' } }, { protocols: ['v5'] });
    expect(script.requests[0]?.headers).toMatchObject({ accept: 'text/plain', 'x-own': 'yes' });
  });

  test('is refused as a request is, after a new token was tried', async () => {
    const body = '{"kind":"Status","status":"Failure","reason":"Forbidden","message":"not you"}';
    const { client, script } = setUp([{ status: 401 }, { status: 403, body }], {
      bearerToken: ({ rejected }) => Promise.resolve(rejected ? 'new' : 'old'),
    });
    expect(isForbidden(await failureOf(openWebSocket(client, exec, { protocols: ['v5'] })))).toBe(true);
    expect(script.requests).toHaveLength(2);
  });

  test.each([
    [
      400,
      'no \u001b stream',
      'the server rejected our request for an unknown reason (get pods web): "no \\u001b stream"',
    ],
    [500, '"a"', 'an error on the server ("\\"a\\"") has prevented the request from succeeding (get pods web)'],
    [403, 'not you', 'not you (get pods web)'],
    [400, '', 'the server rejected our request for an unknown reason (get pods web)'],
  ])('is refused with %i in the words of a kubelet: %j', async (status, body, message) => {
    const { client } = setUp([{ status, body }]);
    expect(await failureOf(openWebSocket(client, exec, { protocols: ['v5'] }))).toMatchObject({
      name: 'StatusError',
      code: status,
      message,
      status: { message, details: { name: 'web', causes: [{ message: body || 'unknown' }] } },
    });
  });

  test('is not what a success without one is', async () => {
    const { client, script } = setUp([ok]);
    await expect(openWebSocket(client, exec, { protocols: ['v5'] })).rejects.toThrow(
      'GET pods/exec "web": the server answered with 200 instead of opening a WebSocket',
    );
    expect(script.discarded).toBe(1);
  });

  test('needs a transport that can open one', async () => {
    const transport: Transport = {
      request: () => Promise.reject(new Error('not this way')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const { client } = setUp([ok], { transport });
    await expect(openWebSocket(client, exec, { protocols: ['v5'] })).rejects.toThrow(
      new TypeError('config.transport cannot open WebSockets'),
    );
  });
});
