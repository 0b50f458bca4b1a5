import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { readText, type TransportEvent } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { open, Peer } from './peer.js';
import { RawPeer } from './raw-peer.js';
import { WebSocketPeer } from './web-socket-peer.js';

/** Collects what a transport tells. */
function collector() {
  const events: TransportEvent[] = [];
  const waiting = new Map<TransportEvent['type'], () => void>();
  return {
    events,
    observer: (event: TransportEvent): void => {
      events.push(event);
      waiting.get(event.type)?.();
    },
    types: () => events.map(({ type }) => type),
    /** Resolves when there has been an event of that type. */
    until: (type: TransportEvent['type']) =>
      new Promise<void>((resolve) => {
        if (events.some((event) => event.type === type)) resolve();
        else waiting.set(type, resolve);
      }),
  };
}

/** A request whose every part is a secret. */
const secret = (url: URL) =>
  get(new URL(`${url.href}?token=secret`), { headers: { authorization: 'Bearer secret', cookie: 'secret' } });

test('a request that succeeds', async () => {
  const clock = new FakeClock();
  await using peer = await Peer.start(async () => {
    await clock.advance(20);
    return { status: 201, body: 'hello' };
  });
  const { events, observer } = collector();
  await using transport = newTransport({ observer, clock });
  await readText((await transport.request(secret(peer.url('/api')))).body);
  const request = { method: 'GET', peer: peer.host, path: '/api', longRunning: false };
  expect(events).toEqual([
    { type: 'requestStarted', request },
    { type: 'connected', peer: peer.host, protocol: 'http/1.1', durationMs: 0 },
    { type: 'responseStarted', request, status: 201, durationMs: 20 },
    { type: 'requestEnded', request, status: 201, durationMs: 20, bytes: 5 },
  ]);
  const [first] = events;
  expect(
    events
      .filter((event) => 'request' in event)
      .every((event) => event.request === (first as { request?: unknown }).request),
  ).toBe(true);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('a request that cannot be sent', async () => {
  const peer = await RawPeer.start(() => {});
  const { host } = peer;
  const url = peer.url();
  await peer[Symbol.asyncDispose]();
  const { events, observer, types } = collector();
  await using transport = newTransport({ observer, clock: new FakeClock() });
  const error = await failureOf(transport.request(secret(url)));
  expect(types()).toEqual(['requestStarted', 'connectFailed', 'requestFailed']);
  expect(events[1]).toEqual({ type: 'connectFailed', peer: host, failure: 'connect', error, durationMs: 0 });
  expect(events[2]).toMatchObject({ status: undefined, bytes: 0, error });
  expect(
    JSON.stringify(events.map((event) => ({ ...event, text: 'error' in event ? String(event.error) : '' }))),
  ).not.toContain('secret');
});

test('an answer that breaks off, one that nobody reads on, and one that is aborted', async () => {
  await using peer = await Peer.start(({ path }) =>
    path === '/breaks' ? { body: 'half', breaks: 'after' } : { body: open('first') },
  );
  const { events, observer } = collector();
  await using transport = newTransport({ observer, clock: new FakeClock() });
  const last = (): TransportEvent | undefined => events.filter(({ type }) => type.startsWith('request')).at(-1);

  await failureOf(readText((await transport.request(get(peer.url('/breaks'), { longRunning: true }))).body));
  expect(last()).toMatchObject({ type: 'requestFailed', status: 200, bytes: 4, error: { failure: 'truncated' } });

  for await (const _ of (await transport.request(get(peer.url(), { longRunning: true }))).body) break;
  expect(last()).toMatchObject({ type: 'requestEnded', status: 200, bytes: 5, request: { longRunning: true } });

  const controller = new AbortController();
  const { body } = await transport.request(get(peer.url(), { longRunning: true, signal: controller.signal }));
  const failure = failureOf(readText(body));
  controller.abort(new Error('the caller may say secrets'));
  await failure;
  expect(last()).toMatchObject({ type: 'requestFailed', error: { message: `${peer.host}: aborted` } });
});

test('connections come and go', async () => {
  await using peer = await Peer.start(() => ({ headers: { connection: 'close' }, body: 'hello' }));
  const { observer, types, until } = collector();
  const transport = newTransport({ observer });
  await readText((await transport.request(get(peer.url()))).body);
  await until('disconnected');
  await transport[Symbol.asyncDispose]();
  expect(types().filter((type) => type.includes('connect'))).toEqual(['connected', 'disconnected']);
});

test('WebSockets are requests that last', async () => {
  await using peer = await WebSocketPeer.start({ serve: (socket) => socket.send('hello') });
  const { events, observer, types, until } = collector();
  await using transport = newTransport({ observer });
  const { webSocket } = await transport.openWebSocket({
    url: peer.url('/exec?token=secret'),
    headers: {},
    protocols: ['one'],
  });
  for await (const message of webSocket?.messages ?? []) {
    expect(message).toBe('hello');
    break;
  }
  await webSocket?.closed;
  await until('disconnected');
  expect(types().toSorted()).toEqual([
    'connected',
    'disconnected',
    'requestEnded',
    'requestStarted',
    'responseStarted',
  ]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'connected', protocol: 'websocket' }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'requestEnded', status: 101, bytes: 5 }));
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('an observer hears of its own requests, and of connections that it shares', async () => {
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  const [one, other] = [collector(), collector()];
  await using first = newTransport({ observer: one.observer });
  await using second = newTransport({ observer: other.observer });
  await readText((await first.request(get(peer.url()))).body);
  expect(one.types()).toContain('requestEnded');
  expect(other.types()).toEqual(['connected']);
  await second.close();
});

test('channels carry the same, for all transports', async () => {
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  const told: unknown[] = [];
  const listener = (event: unknown): void => void told.push(event);
  subscribe('client-ts:transport:requestEnded', listener);
  try {
    const { events, observer } = collector();
    await using transport = newTransport({ observer });
    await readText((await transport.request(get(peer.url()))).body);
    expect(told).toEqual(events.filter(({ type }) => type === 'requestEnded'));
    expect(told).toHaveLength(1);
  } finally {
    unsubscribe('client-ts:transport:requestEnded', listener);
  }
});

test('what an observer throws is uncaught, and the request goes on', async () => {
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
  const fault = new Error('the observer is broken');
  try {
    await using transport = newTransport({
      observer: ({ type }) => {
        if (type === 'responseStarted') throw fault;
      },
    });
    expect(await readText((await transport.request(get(peer.url()))).body)).toBe('hello');
    expect(uncaught).toEqual([fault]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
});
