import { readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { open, Peer, silence } from './peer.js';

/** A peer that answers when it is told to. */
async function slowPeer() {
  let answer = (): void => {};
  const told = new Promise<void>((resolve) => (answer = resolve));
  const peer = await Peer.start(async ({ path }) => {
    if (path === '/slow') await told;
    return { body: path === '/watch' ? open('first') : 'hello' };
  });
  return { peer, answer };
}

/** Whether a promise is still pending after everything that can happen now has happened. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  const settled = (): void => void (pending = false);
  promise.then(settled, settled);
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  return pending;
}

test('closing waits for requests with their bodies, and sends nothing new', async () => {
  const { peer, answer } = await slowPeer();
  await using _ = peer;
  const transport = newTransport();
  const running = transport.request(get(peer.url('/slow')));
  await peer.request();
  const closing = transport.close();
  expect(await failureOf(transport.request(get(peer.url())))).toBeInstanceOf(TypeError);
  expect(await isPending(closing)).toBe(true);
  answer();
  expect(await readText((await running).body)).toBe('hello');
  await closing;
  await transport.close();
  await transport[Symbol.asyncDispose]();
  expect(peer.requests).toHaveLength(1);
});

test('closing breaks long-running requests at once', async () => {
  await using peer = await Peer.start(({ path }) => ({ body: path === '/watch' ? open('first') : 'hello' }));
  const transport = newTransport();
  const watch = await transport.request(get(peer.url('/watch'), { longRunning: true }));
  const reading = failureOf(readText(watch.body));
  await transport.close();
  expect(await reading).toMatchObject({ failure: 'truncated', message: `${peer.host}: the transport was closed` });
  await (
    await peer.request()
  ).left;
});

test.each(['close', 'dispose'] as const)(
  '%s breaks requests that wait for an answer, and for a connection',
  async (how) => {
    await using peer = await Peer.start(silence);
    const transport = newTransport({ maxConnections: 1 });
    const failures = [failureOf(transport.request(get(peer.url()))), failureOf(transport.request(get(peer.url())))];
    await peer.request();
    if (how === 'close') {
      const controller = new AbortController();
      const closing = transport.close({ signal: controller.signal });
      expect(await isPending(closing)).toBe(true);
      controller.abort();
      await closing;
    } else {
      await transport[Symbol.asyncDispose]();
    }
    for (const error of await Promise.all(failures)) {
      expect(error).toMatchObject({ failure: 'other', message: `${peer.host}: the transport was closed` });
    }
    expect(peer.requests).toHaveLength(1);
  },
);

test('closing with a signal that has aborted waits for nothing', async () => {
  await using peer = await Peer.start(silence);
  const transport = newTransport();
  const failure = failureOf(transport.request(get(peer.url())));
  await peer.request();
  await transport.close({ signal: AbortSignal.abort() });
  expect((await failure).message).toContain('the transport was closed');
});

test('disposing while closing does not wait any longer', async () => {
  await using peer = await Peer.start(silence);
  const transport = newTransport();
  const failure = failureOf(transport.request(get(peer.url())));
  await peer.request();
  const closing = transport.close();
  await transport[Symbol.asyncDispose]();
  await closing;
  expect((await failure).message).toContain('the transport was closed');
});

test('an attempt to connect is given up', async () => {
  await using peer = await Peer.start(silence);
  const transport = newTransport({ tls: { insecure: true } });
  // A port without TLS never answers the handshake of one that waits for a request.
  const failure = failureOf(transport.request(get(new URL(`https://${peer.host}`))));
  await transport[Symbol.asyncDispose]();
  expect(await failure).toBeInstanceOf(Error);
});

test('what one transport closes, another that shares its connections does not notice', async () => {
  const { peer, answer } = await slowPeer();
  await using _ = peer;
  const one = newTransport();
  await using other = newTransport();
  const running = other.request(get(peer.url('/slow')));
  const watch = await other.request(get(peer.url('/watch'), { longRunning: true }));
  const ended = failureOf(readText((await one.request(get(peer.url('/watch'), { longRunning: true }))).body));
  await one.close();
  expect(await ended).toMatchObject({ failure: 'truncated' });
  answer();
  expect(await readText((await running).body)).toBe('hello');
  for await (const chunk of watch.body) {
    expect(Buffer.from(chunk).toString()).toBe('first');
    break;
  }
});
