import type { Transport, TransportRequest, TransportResponse, WebSocketRequest } from '@client-ts/rest';
import { expect, test, vi } from 'vitest';
import type { CredentialSource, ExecCredential } from './exec-credential.js';
import { ExecPlugin } from './exec-plugin.js';
import { ExecTransport } from './exec-transport.js';

const url = new URL('https://one/version');
const request: TransportRequest = { method: 'GET', url, headers: {} };
const socket: WebSocketRequest = { url, headers: {}, protocols: ['v5.channel.k8s.io'] };

function setUp(statuses: number[], credentials: (ExecCredential | Error)[]) {
  const discard = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const respond = (): Promise<TransportResponse> =>
    Promise.resolve({ status: statuses.shift() ?? 200, headers: {}, body: (async function* () {})(), discard });
  const inner = {
    request: vi.fn<Transport['request']>(respond),
    openWebSocket: vi.fn<NonNullable<Transport['openWebSocket']>>(respond),
    close: vi.fn<NonNullable<Transport['close']>>(() => Promise.resolve()),
    [Symbol.asyncDispose]: vi.fn<() => Promise<void>>(() => Promise.resolve()),
  };
  const plugin = {
    credential: vi.fn<CredentialSource['credential']>(async ({ rejected } = {}) => {
      if (rejected !== undefined) credentials.shift();
      const [next] = credentials;
      if (next instanceof Error || next === undefined) throw next ?? new Error('no more');
      return next;
    }),
  };
  return { inner, plugin, discard, transport: new ExecTransport(plugin, inner) };
}

const one: ExecCredential = { cert: 'c1', key: 'k1' };
const two: ExecCredential = { cert: 'c2', key: 'k2' };

test('a certificate that is refused is asked for again, once, and so is the server', async () => {
  const { transport, inner, discard } = setUp([401], [one, two]);
  expect((await transport.request(request)).status).toBe(200);
  expect(inner.request).toHaveBeenCalledTimes(2);
  expect(discard).toHaveBeenCalledTimes(1);
});

test('so it is for WebSockets', async () => {
  const { transport, inner } = setUp([401, 101], [one, two]);
  expect((await transport.openWebSocket(socket)).status).toBe(101);
  expect(inner.openWebSocket).toHaveBeenCalledTimes(2);
});

test('a second refusal is the answer', async () => {
  const { transport, inner } = setUp([401, 401], [one, two]);
  expect((await transport.request(request)).status).toBe(401);
  expect(inner.request).toHaveBeenCalledTimes(2);
});

test('a refusal is the answer when the plugin has nothing else to give', async () => {
  const { transport, inner, discard } = setUp([401], [one, { ...one }]);
  expect((await transport.request(request)).status).toBe(401);
  expect(inner.request).toHaveBeenCalledTimes(1);
  expect(discard).not.toHaveBeenCalled();
});

test.each<[string, TransportRequest, ExecCredential]>([
  ['the plugin gave a token', request, { ...one, token: 't' }],
  ['somebody else authenticates', { ...request, headers: { authorization: 'Bearer x' } }, one],
])('whoever put a token into the request asks by himself: %s', async (_, sent, credential) => {
  const { transport, plugin } = setUp([401], [credential, two]);
  expect((await transport.request(sent)).status).toBe(401);
  expect(plugin.credential).toHaveBeenCalledTimes(1);
});

test('a plugin that fails is the error, and the refusal is let go', async () => {
  const { transport, discard } = setUp([401], [one, new Error('exec: no')]);
  await expect(transport.request(request)).rejects.toThrow('exec: no');
  expect(discard).toHaveBeenCalledTimes(1);
});

test('closing and disposing are passed on', async () => {
  const { transport, inner } = setUp([], []);
  const options = { signal: new AbortController().signal };
  await transport.close(options);
  await transport[Symbol.asyncDispose]();
  expect(inner.close).toHaveBeenCalledWith(options);
  expect(inner[Symbol.asyncDispose]).toHaveBeenCalledTimes(1);
});

test('the transport of a plugin asks it before anybody else', async () => {
  const plugin = new ExecPlugin(
    { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' },
    { policy: { type: 'DenyAll' } },
  );
  await using transport = plugin.transport();
  await expect(transport.request(request)).rejects.toMatchObject({ failure: 'not-allowed' });
});
