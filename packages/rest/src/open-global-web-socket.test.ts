import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openGlobalWebSocket } from './open-global-web-socket.js';
import type { WebSocketConnection, WebSocketRequest } from './web-socket.js';

/** The runtime's end, moved by hand. */
class FakeWebSocket extends EventTarget {
  static last: FakeWebSocket;
  binaryType = 'blob';
  protocol = '';
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  readonly closes: unknown[][] = [];
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: URL, protocols: readonly string[]) {
    super();
    this.url = url.href;
    this.protocols = protocols;
    FakeWebSocket.last = this;
  }

  open(protocol = this.protocols[0] ?? ''): void {
    this.protocol = protocol;
    this.dispatchEvent(new Event('open'));
  }

  receive(data: string | Uint8Array): void {
    const sent = typeof data === 'string' ? data : Uint8Array.from(data).buffer;
    this.dispatchEvent(new MessageEvent('message', { data: sent }));
  }

  end(code: number, reason = ''): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(...how: unknown[]): void {
    this.closes.push(how);
  }
}

beforeEach(() => void vi.stubGlobal('WebSocket', FakeWebSocket));
afterEach(() => void vi.unstubAllGlobals());

const plain: WebSocketRequest = {
  url: new URL('https://server/api/v1/namespaces/ns/pods/web/exec?command=ls'),
  headers: { 'user-agent': 'client-ts', accept: 'application/json' },
  protocols: ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
};

async function open(request: Partial<WebSocketRequest> = {}): Promise<[FakeWebSocket, WebSocketConnection]> {
  const opening = openGlobalWebSocket({ ...plain, ...request });
  FakeWebSocket.last.open();
  const { status, webSocket } = await opening;
  expect(status).toBe(101);
  return [FakeWebSocket.last, webSocket!];
}

async function collect(messages: AsyncIterable<unknown>): Promise<unknown[]> {
  const all = [];
  for await (const message of messages) all.push(message);
  return all;
}

test('the URL is that of WebSockets, the subprotocol that of the server', async () => {
  const [socket, webSocket] = await open();
  expect(socket).toMatchObject({
    url: 'wss://server/api/v1/namespaces/ns/pods/web/exec?command=ls',
    protocols: plain.protocols,
    binaryType: 'arraybuffer',
  });
  expect(webSocket.protocol).toBe('v5.channel.k8s.io');
  expect(webSocket).not.toHaveProperty('ping');
});

test('a bearer token goes as a subprotocol', async () => {
  const [socket] = await open({ headers: { ...plain.headers, authorization: 'Bearer ä?>~' } });
  expect(socket.protocols).toEqual([...plain.protocols, 'base64url.bearer.authorization.k8s.io.w6Q_Pn4']);
});

test.each([
  ['authorization', 'Basic c2VjcmV0'],
  ['impersonate-user', 'secret'],
  ['x-other', 'secret'],
  ['sec-websocket-key', 'secret'],
  ['authorization', 'Bearer secret\n'],
])('%s: %s cannot be sent, and is refused without its value', async (name, value) => {
  const error = await openGlobalWebSocket({ ...plain, headers: { [name]: value } }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(name);
  expect(String(error)).not.toMatch(/c2VjcmV0|secret$/);
});

test('there must be a subprotocol, and a WebSocket', async () => {
  await expect(openGlobalWebSocket({ ...plain, protocols: [] })).rejects.toThrow(TypeError);
  vi.stubGlobal('WebSocket', undefined);
  await expect(openGlobalWebSocket(plain)).rejects.toThrow(/this runtime has no WebSocket/);
});

test('a refusal is a failure without reason, and so is a subprotocol that was not asked for', async () => {
  const refused = openGlobalWebSocket(plain);
  FakeWebSocket.last.dispatchEvent(new Event('error'));
  FakeWebSocket.last.end(1006);
  await expect(refused).rejects.toMatchObject({
    failure: 'other',
    message: expect.stringContaining('server: ') as string,
  });
  for (const chosen of ['', 'other']) {
    const opening = openGlobalWebSocket(plain);
    FakeWebSocket.last.open(chosen);
    await expect(opening).rejects.toMatchObject({ failure: 'other' });
    expect(FakeWebSocket.last.closes).toHaveLength(1);
  }
});

test('messages are given in order, those that came before the end included', async () => {
  const [socket, webSocket] = await open();
  const messages = collect(webSocket.messages);
  socket.receive('text');
  socket.receive(Uint8Array.of(0, 255));
  socket.receive('');
  socket.end(1000);
  expect(await messages).toEqual(['text', Uint8Array.of(0, 255), '']);
  expect(await webSocket.closed).toEqual({ code: 1000, reason: '' });
  await expect(webSocket.send('late')).rejects.toMatchObject({ name: 'WebSocketCloseError', code: 1000 });
});

test.each([
  [1011, { name: 'WebSocketCloseError', code: 1011, reason: 'why' }],
  [1006, { name: 'TransportError', failure: 'truncated' }],
])('an end with code %d is a failure', async (code, failure) => {
  const [socket, webSocket] = await open();
  socket.receive('before');
  socket.end(code, 'why');
  const iterator = webSocket.messages[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 'before' });
  await expect(iterator.next()).rejects.toMatchObject(failure);
  await expect(webSocket.send('late')).rejects.toMatchObject(failure);
});

test('sending waits while the runtime has much to send', async () => {
  const [socket, webSocket] = await open();
  await webSocket.send('first');
  socket.bufferedAmount = 2 ** 21;
  const sending = webSocket.send('second');
  expect(await Promise.race([sending.then(() => 'sent'), Promise.resolve('waits')])).toBe('waits');
  socket.bufferedAmount = 0;
  await sending;
  expect(socket.sent).toEqual(['first', 'second']);
});

test.each([
  [[], [1000, '']],
  [
    [4321, 'ü'.repeat(100)],
    [4321, 'ü'.repeat(61)],
  ],
  [
    [1001, 'going'],
    [1000, 'going'],
  ],
])('close(%j) tells the peer %j, once', async (how, told) => {
  const [socket, webSocket] = await open();
  const closing = [webSocket.close(...(how as [number, string])), webSocket[Symbol.asyncDispose]()];
  expect(socket.closes).toEqual([told]);
  socket.end(1000);
  await Promise.all(closing);
  expect(await collect(webSocket.messages)).toEqual([]);
});

test('leaving the loop closes it', async () => {
  const [socket, webSocket] = await open();
  socket.receive('one');
  for await (const _ of webSocket.messages) break;
  expect(socket.closes).toEqual([[1000, '']]);
});

test('an abort ends the handshake, and what is pending afterwards, with its reason', async () => {
  const reason = { mine: true };
  await expect(openGlobalWebSocket({ ...plain, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const early = new AbortController();
  const opening = openGlobalWebSocket({ ...plain, signal: early.signal });
  early.abort(reason);
  await expect(opening).rejects.toBe(reason);
  expect(FakeWebSocket.last.closes).toHaveLength(1);

  const controller = new AbortController();
  const [socket, webSocket] = await open({ signal: controller.signal });
  socket.bufferedAmount = 2 ** 21;
  const pending = [collect(webSocket.messages), webSocket.send('x')].map((result) =>
    result.catch((error: unknown) => error),
  );
  controller.abort(reason);
  expect(await Promise.all(pending)).toEqual([reason, reason]);
  expect(await webSocket.closed).toEqual({ code: 1006, reason: '' });
});

test('what nobody reads does not fill the memory', async () => {
  const [socket, webSocket] = await open();
  const mebibyte = new Uint8Array(1024 * 1024);
  for (let count = 0; count < 65; count++) socket.receive(mebibyte);
  await expect(collect(webSocket.messages)).rejects.toMatchObject({ failure: 'other' });
  expect(socket.closes).toHaveLength(1);
});
