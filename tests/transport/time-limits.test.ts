import { once } from 'node:events';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { newTransport } from '@client-ts/transport';
import { DeadlineExceededError, readText, RestClient } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { FaultRelay } from './fault-relay.js';
import { open, Peer, silence } from './peer.js';
import { RawPeer } from './raw-peer.js';
import { WebSocketPeer } from './web-socket-peer.js';

/** As short as a limit gets: whoever is silent in these tests is so for ever. */
const Soon = 1;

test('connecting, handshake included, has a limit', async () => {
  const clock = new FakeClock();
  let accepted = (): void => {};
  const connected = new Promise<void>((resolve) => (accepted = resolve));
  await using peer = await RawPeer.start((socket) => socket.once('data', accepted));
  await using transport = newTransport({ clock });
  const failure = failureOf(transport.request(get(peer.url('/', 'https'))));
  await connected;
  await clock.advance(29_999);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  expect(await failure).toMatchObject({
    failure: 'connect',
    message: `${peer.host}: no connection within 30000 ms`,
  });
  expect(clock.pending).toBe(0);
});

test('a proxy that says nothing counts as connecting', async () => {
  const clock = new FakeClock();
  for (const kind of ['http', 'socks5']) {
    let asked = (): void => {};
    const connected = new Promise<void>((resolve) => (asked = resolve));
    await using proxy = await RawPeer.start((socket) => socket.once('data', asked));
    await using transport = newTransport({ clock, proxyUrl: `${kind}://${proxy.host}` });
    const failure = failureOf(transport.request(get(new URL('https://server.invalid'))));
    await connected;
    await clock.advance(30_000);
    expect((await failure).message).toBe(
      `server.invalid (through the proxy ${proxy.host}): no connection within 30000 ms`,
    );
    expect(clock.pending).toBe(0);
  }
});

test('no timer stays behind a transport, and none but that which looks at its connections behind a request', async () => {
  const clock = new FakeClock();
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  const transport = newTransport({ clock });
  const call = async (): Promise<string> => readText((await transport.request(get(peer.url()))).body);
  await call();
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
  await call();
  await transport[Symbol.asyncDispose]();
  expect(clock.pending).toBe(0);
});

test('short requests do not wait for headers for ever', async () => {
  await using peer = await Peer.start(silence);
  await using transport = newTransport({ headersTimeoutMs: Soon });
  expect(await failureOf(transport.request(get(peer.url())))).toMatchObject({ failure: 'timeout' });
  await (
    await peer.request()
  ).left;
});

test('short requests do not wait for the rest of a body for ever', async () => {
  await using peer = await Peer.start(() => ({ body: open('first') }));
  await using transport = newTransport({ bodyTimeoutMs: Soon });
  const response = await transport.request(get(peer.url()));
  expect(await failureOf(readText(response.body))).toMatchObject({ failure: 'timeout' });
});

test('a drip is no silence, and ends with the time for the whole request', async () => {
  const clock = new FakeClock();
  async function* forever(): AsyncGenerator<string> {
    for (;;) yield '.'.repeat(1000);
  }
  await using peer = await Peer.start(() => ({ body: forever() }));
  await using relay = await FaultRelay.start(Number(peer.url().port));
  Object.assign(relay, { pieces: 1, delayMs: 1 });
  await using transport = newTransport();
  const client = new RestClient({ host: `http://${relay.host}`, transport, timeoutMs: 60_000 }, clock);
  let drops = 0;
  let onDrop = (): void => {};
  const moreDrops = (): Promise<void> =>
    new Promise((resolve) => {
      const enough = drops + 20;
      onDrop = () => void (drops >= enough && resolve());
    });
  const begun = moreDrops();
  const failure = failureOf(
    client.read({ method: 'GET', target: '/drip' }, {}, async ({ body }) => {
      for await (const { length } of body) {
        drops += length;
        onDrop();
      }
    }),
  );
  await begun;
  await clock.advance(59_999);
  await moreDrops();
  await clock.advance(1);
  expect(await failure).toBeInstanceOf(DeadlineExceededError);
  await (
    await peer.request()
  ).left;
});

test('long-running requests may be silent: their limits are not those of short ones', async () => {
  await using peer = await Peer.start(({ path }) => (path === '/watch' ? { body: open('first') } : silence()));
  await using transport = newTransport({ headersTimeoutMs: Soon, bodyTimeoutMs: Soon });
  const watch = await transport.request(get(peer.url('/watch'), { longRunning: true }));
  const followed = transport.request(get(peer.url('/log'), { longRunning: true }));
  const outcome: string[] = [];
  const note = (what: string) => (): void => void outcome.push(what);
  const body = watch.body[Symbol.asyncIterator]();
  await body.next();
  body.next().then(note('watch'), note('watch'));
  followed.then(note('log'), note('log'));
  // In the meantime the limits of a short one are reached.
  await failureOf(transport.request(get(peer.url('/'))));
  expect(outcome).toEqual([]);
});

test('the handshake of a WebSocket has a limit', async () => {
  const clock = new FakeClock();
  await using peer = await WebSocketPeer.start({ silent: true });
  await using transport = newTransport({ clock });
  const failure = failureOf(transport.openWebSocket({ url: peer.url(), headers: {}, protocols: ['one'] }));
  while (peer.handshakes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(120_000);
  expect(await failure).toMatchObject({ failure: 'timeout', message: `${peer.host}: no answer within 120000 ms` });
  expect(clock.pending).toBe(0);
});

test('a WebSocket whose peer answers no pings is broken, and one that does is left alone', async () => {
  const clock = new FakeClock();
  await using peer = await WebSocketPeer.start();
  await using transport = newTransport({ clock });
  const heartbeat = { pingIntervalMs: 5000, silenceTimeoutMs: 61_000 };
  const request = { url: peer.url(), headers: {}, protocols: ['one'], heartbeat };
  const { webSocket } = await transport.openWebSocket(request);
  const { socket } = await peer.session();
  const reading = failureOf(webSocket?.messages[Symbol.asyncIterator]().next() ?? Promise.resolve());
  for (let count = 0; count < 20; count++) {
    const ping = once(socket, 'ping');
    await clock.advance(5000);
    await ping;
    await webSocket?.ping?.(); // its pong is behind that of the other
  }
  socket.pause();
  await clock.advance(66_000);
  expect(await reading).toMatchObject({
    failure: 'timeout',
    message: `${peer.host}: nothing has come for 61000 ms`,
  });
  expect(await webSocket?.closed).toMatchObject({ code: 1006 });
  expect(clock.pending).toBe(0);
  const senseless = { ...request, heartbeat: { ...heartbeat, pingIntervalMs: 0 } };
  expect(await failureOf(transport.openWebSocket(senseless))).toBeInstanceOf(TypeError);
});
