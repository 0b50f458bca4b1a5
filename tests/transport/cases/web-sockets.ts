import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  isTransportError,
  isWebSocketCloseError,
  readText,
  type Transport,
  type WebSocketConnection,
  type WebSocketRequest,
  type WebSocketResponse,
} from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type MakeTransport, type TransportCase } from '../case.js';
import { type Session, WebSocketPeer, type WebSocketPeerOptions } from '../web-socket-peer.js';

const MiB = 1024 * 1024;

/** Far more than what sockets and clients keep by themselves. */
const Flood = 64;

/** WebSockets: how they are opened and refused, what they carry, and how they end. */
export const webSockets = {
  'messages go both ways in order, bytes as bytes and text as text': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    const received: [string, boolean][] = [];
    const all = new Promise<void>((resolve) => {
      session.socket.on('message', (data: Buffer, isBinary) => {
        received.push([data.toString(), isBinary]);
        if (received.length === 3) resolve();
      });
    });
    await Promise.all([webSocket.send('äh'), webSocket.send(Buffer.from('bytes')), webSocket.send('')]);
    await all;
    expect(received).toEqual([
      ['äh', false],
      ['bytes', true],
      ['', false],
    ]);
    for (const message of ['öh', Buffer.from([0, 255]), '']) session.socket.send(message);
    session.socket.close(1000);
    const messages = await collect(webSocket.messages);
    expect(messages.map((message) => (typeof message === 'string' ? message : [...message]))).toEqual([
      'öh',
      [0, 255],
      '',
    ]);
  },

  'messages of any length arrive as they are, in order with texts and pings between them': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    const lengths = [0, 1, 125, 126, 1023, 1024, 1025, 1026, 1027, 0xffff, 0x1_0000, 1023, MiB + 1, 5];
    const sent = lengths.map((length, i) => randomBytes(length + i).subarray(i));
    const copies = sent.map((message) => Buffer.from(message));
    const received: string[] = [];
    const said: string[] = [];
    session.socket.on('message', (data: Buffer, isBinary) => {
      received.push(isBinary ? data.toString('base64') : data.toString());
    });
    session.socket.on('ping', () => received.push('ping'));
    const sending: Promise<void>[] = [];
    for (const [i, message] of sent.entries()) {
      sending.push(webSocket.send(message), webSocket.send(`text ${i}`));
      said.push(message.toString('base64'), `text ${i}`);
      if (!webSocket.ping) continue;
      sending.push(webSocket.ping());
      said.push('ping');
    }
    await Promise.all(sending);
    await webSocket.close();
    await session.closed;
    expect(received).toEqual(said);
    expect(sent).toEqual(copies);
  },

  'headers arrive, and the server chooses among the subprotocols that were asked for': async (make) => {
    await using peer = await WebSocketPeer.start({ choose: ([, second = '']) => second });
    await using transport = make();
    const response = await openTo(transport, peer, {
      url: peer.url('/exec?command=ls'),
      headers: { authorization: 'Bearer token', 'impersonate-group': ['one', 'two'] },
      protocols: ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    });
    expect(response.status).toBe(101);
    expect(response.webSocket?.protocol).toBe('v4.channel.k8s.io');
    const [handshake] = peer.handshakes;
    expect(handshake).toMatchObject({
      method: 'GET',
      url: '/exec?command=ls',
      headers: { authorization: 'Bearer token', 'sec-websocket-protocol': 'v5.channel.k8s.io,v4.channel.k8s.io' },
    });
    expect(handshake?.headersDistinct['impersonate-group']?.join(', ')).toBe('one, two');
    expect(handshake?.headers).not.toHaveProperty('sec-websocket-extensions');
  },

  'a server that chooses no subprotocol, or another one, is a failure': async (make) => {
    for (const chosen of [false, 'other'] as const) {
      await using peer = await WebSocketPeer.start({ choose: () => chosen });
      await using transport = make();
      const error = await failureOf(openTo(transport, peer));
      expect(error).toMatchObject({ failure: 'other' });
      expect(error.message).toContain(peer.host);
    }
  },

  'a refusal is an answer like others, with the reason in its body': async (make) => {
    const status = '{"kind":"Status","reason":"Forbidden","code":403}';
    await using peer = await WebSocketPeer.start({
      refuse: `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${status.length}\r\n\r\n${status}`,
    });
    await using transport = make();
    const response = await openTo(transport, peer);
    expect(response).toMatchObject({ status: 403, headers: { 'content-type': 'application/json' } });
    expect(response.webSocket).toBeUndefined();
    expect(await readText(response.body)).toBe(status);
    await (await openTo(transport, peer)).discard();
  },

  'a refusal that breaks off is truncated': async (make) => {
    await using peer = await WebSocketPeer.start({
      refuse: 'HTTP/1.1 500 Internal Server Error\r\ncontent-length: 100\r\n\r\nhalf',
    });
    await using transport = make();
    const { body } = await openTo(transport, peer);
    expect(await failureOf(readText(body))).toMatchObject({ failure: 'truncated' });
  },

  'a refusal without end can be left while its next part is waited for': async (make) => {
    await using peer = await WebSocketPeer.start({
      refuse: 'HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nhalf',
      lingers: true,
    });
    await using transport = make();
    const response = await openTo(transport, peer);
    const left = Promise.all(peer.handshakes.map(({ socket }) => once(socket, 'close')));
    const body = response.body[Symbol.asyncIterator]();
    expect(String(Buffer.from((await body.next()).value ?? []))).toBe('half');
    const waiting = body.next().catch(() => undefined);
    await body.return?.();
    await waiting;
    await left;
  },

  'what is no answer to the handshake is a failure': async (make) => {
    const accept = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n';
    for (const refuse of ['hello\r\n\r\n', `${accept}sec-websocket-accept: wrong\r\n\r\n`, '']) {
      await using peer = await WebSocketPeer.start({ refuse });
      await using transport = make();
      const error = await failureOf(openTo(transport, peer));
      expect(isTransportError(error), String(error)).toBe(true);
      expect(error.message).toContain(peer.host);
    }
  },

  'headers of the handshake are not to be set, and there must be a subprotocol': async (make) => {
    await using peer = await WebSocketPeer.start();
    await using transport = make();
    for (const name of ['sec-websocket-protocol', 'sec-websocket-key', 'upgrade', 'connection']) {
      const error = await failureOf(openTo(transport, peer, { headers: { [name]: 'x' } }));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain(name);
    }
    expect(await failureOf(openTo(transport, peer, { protocols: [] }))).toBeInstanceOf(TypeError);
    const secret = await failureOf(openTo(transport, peer, { headers: { authorization: 'secret\n' } }));
    expect(secret).toBeInstanceOf(TypeError);
    expect(secret.message).not.toContain('secret');
    expect(peer.handshakes).toEqual([]);
  },

  'pings are answered, and sent': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    const pong = once(session.socket, 'pong');
    session.socket.ping('anybody there');
    expect(String((await pong)[0])).toBe('anybody there');
    await Promise.all([webSocket.ping?.(), webSocket.ping?.()]);
  },

  'a ping waits until it is aborted, or the connection is gone': async (make) => {
    await using pair = await open(make, { serve: (socket) => socket.pause() });
    const { webSocket, session } = pair;
    const controller = new AbortController();
    const aborted = failureOf(webSocket.ping?.({ signal: controller.signal }) ?? Promise.resolve());
    const broken = failureOf(webSocket.ping?.() ?? Promise.resolve());
    controller.abort(new Error('enough'));
    expect((await aborted).message).toBe('enough');
    session.socket.terminate();
    expect(await broken).toMatchObject({ failure: 'truncated' });
    expect(await failureOf(webSocket.ping?.() ?? Promise.resolve())).toMatchObject({ failure: 'truncated' });
  },

  'messages that nobody reads stay with the server': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    for (let i = 0; i < Flood; i++) session.socket.send(Buffer.alloc(MiB, i));
    await roundTrips(pair);
    expect(session.socket.bufferedAmount).toBeGreaterThan((Flood / 2) * MiB);
    session.socket.close(1000);
    let count = 0;
    for await (const message of webSocket.messages) expect((message as Uint8Array)[MiB - 1]).toBe(count++);
    expect(count).toBe(Flood);
  },

  'what the server does not read is not sent yet': async (make) => {
    await using pair = await open(make, { serve: (socket) => socket.pause() });
    const { webSocket, session } = pair;
    let sent = 0;
    const sending = Promise.all(
      Array.from({ length: Flood }, async () => {
        await webSocket.send(Buffer.alloc(MiB));
        sent++;
      }),
    );
    await roundTrips(pair);
    expect(sent).toBeLessThan(Flood / 2);
    session.socket.resume();
    await sending;
  },

  'a message that is too large closes with code 1009': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    session.socket.send('before');
    session.socket.send(Buffer.alloc(16 * MiB + 1));
    const messages: unknown[] = [];
    const error = await failureOf(
      (async () => {
        for await (const message of webSocket.messages) messages.push(message);
      })(),
    );
    expect(messages).toEqual(['before']);
    expect(error).toMatchObject({ name: 'WebSocketCloseError', code: 1009 });
    expect((await session.closed).code).toBe(1009);
    expect((await webSocket.closed).code).toBe(1009);
  },

  'a message of the greatest size arrives': async (make) => {
    await using pair = await open(make);
    pair.session.socket.send(Buffer.alloc(16 * MiB));
    for await (const message of pair.webSocket.messages) {
      expect(message).toHaveLength(16 * MiB);
      break;
    }
  },

  'the peer ends it well with code 1000, and with any other one it fails': async (make) => {
    for (const code of [1000, 1001, 1011, 4000]) {
      await using pair = await open(make);
      const { webSocket, session } = pair;
      session.socket.send('last');
      session.socket.close(code, 'why');
      const messages: unknown[] = [];
      const reading = (async () => {
        for await (const message of webSocket.messages) messages.push(message);
      })();
      if (code === 1000) await reading;
      else {
        const error = await failureOf(reading);
        expect(isWebSocketCloseError(error)).toBe(true);
        expect(error).toMatchObject({ code, reason: 'why' });
      }
      expect(messages).toEqual(['last']);
      expect(await webSocket.closed).toEqual({ code, reason: 'why' });
      expect(await failureOf(webSocket.send('late'))).toMatchObject({ name: 'WebSocketCloseError', code });
      await webSocket.close();
    }
  },

  'a connection that breaks is truncated, for whoever reads and writes': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    const reading = failureOf(collect(webSocket.messages));
    session.socket.terminate();
    expect(await reading).toMatchObject({ failure: 'truncated' });
    expect(await webSocket.closed).toEqual({ code: 1006, reason: '' });
    expect(await failureOf(webSocket.send('late'))).toMatchObject({ failure: 'truncated' });
  },

  'closing tells the peer why, lets what is under way be read, and does nothing twice': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    session.socket.send('on its way');
    const closing = webSocket.close(4321, 'ü'.repeat(100));
    expect(await session.closed).toEqual({ code: 4321, reason: 'ü'.repeat(61) });
    await closing;
    expect(await collect(webSocket.messages)).toEqual(['on its way']);
    await webSocket.close();
    await webSocket[Symbol.asyncDispose]();
    expect(await failureOf(webSocket.send('late'))).toMatchObject({ code: 4321 });
  },

  'leaving the loop closes it': async (make) => {
    await using pair = await open(make);
    const { webSocket, session } = pair;
    for (let i = 0; i < Flood; i++) session.socket.send(Buffer.alloc(MiB));
    for await (const message of webSocket.messages) {
      expect(message).toHaveLength(MiB);
      break;
    }
    expect((await session.closed).code).toBe(1000);
  },

  'an abort before the handshake sends nothing, and one within it leaves': async (make) => {
    const reason = { mine: true };
    await using peer = await WebSocketPeer.start({ silent: true });
    await using transport = make();
    expect(await failureOf(openTo(transport, peer, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const failure = failureOf(openTo(transport, peer, { signal: controller.signal }));
    while (peer.handshakes.length === 0) await oneRoundTrip(peer, transport);
    const left = Promise.all(peer.handshakes.map(({ socket }) => once(socket, 'close')));
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await left;
  },

  'an abort cuts the connection, and what is pending rejects with its reason': async (make) => {
    const reason = { mine: true };
    const controller = new AbortController();
    await using pair = await open(make, { serve: (socket) => socket.pause() }, { signal: controller.signal });
    const { webSocket } = pair;
    const pending = [
      failureOf(collect(webSocket.messages)),
      failureOf(webSocket.send(Buffer.alloc(Flood * MiB))),
      failureOf(webSocket.ping?.() ?? Promise.resolve()),
    ];
    controller.abort(reason);
    expect(await Promise.all(pending)).toEqual([reason, reason, reason]);
    expect(await webSocket.closed).toMatchObject({ code: 1006 });
    expect(await failureOf(webSocket.send('late'))).toBe(reason);
  },

  'disposing of the transport cuts its WebSockets, closing it says goodbye': async (make) => {
    for (const how of ['close', 'dispose'] as const) {
      await using pair = await open(make);
      const { webSocket, session, transport } = pair;
      const reading = collect(webSocket.messages).then(
        () => undefined,
        (error: Error) => error,
      );
      if (how === 'close') await transport.close?.();
      else await transport[Symbol.asyncDispose]();
      expect((await session.closed).code).toBe(how === 'close' ? 1001 : 1006);
      const error = await reading;
      if (how === 'dispose') expect(error).toMatchObject({ failure: 'truncated' });
    }
  },
} satisfies Record<string, TransportCase>;

interface Pair extends AsyncDisposable {
  readonly transport: Transport;
  readonly peer: WebSocketPeer;
  readonly webSocket: WebSocketConnection;
  readonly session: Session;
}

/** A WebSocket, seen from both ends. */
async function open(
  make: MakeTransport,
  options?: WebSocketPeerOptions,
  rest?: Partial<WebSocketRequest>,
): Promise<Pair> {
  const peer = await WebSocketPeer.start(options);
  const transport = make();
  const { webSocket } = await openTo(transport, peer, rest);
  if (!webSocket) throw new Error('it was refused');
  const session = await peer.session();
  return {
    transport,
    peer,
    webSocket,
    session,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    },
  };
}

/** Rejects also with what is thrown at once. */
export async function openTo(
  transport: Transport,
  peer: WebSocketPeer,
  rest: Partial<WebSocketRequest> = {},
): Promise<WebSocketResponse> {
  if (!transport.openWebSocket) throw new Error('the transport opens no WebSockets');
  return transport.openWebSocket({ url: peer.url(), headers: {}, protocols: ['one'], ...rest });
}

/** Gives whatever is under way between the two the time to happen. */
async function roundTrips({ peer, transport }: Pair): Promise<void> {
  for (let i = 0; i < 200; i++) await oneRoundTrip(peer, transport);
}

async function oneRoundTrip(peer: WebSocketPeer, transport: Transport): Promise<void> {
  await readText((await transport.request(get(peer.url()))).body);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
