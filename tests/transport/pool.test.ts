import { readText, type TransportEvent } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { Peer } from './peer.js';
import { startHttpProxy } from './proxy-peer.js';

/** Something that can be waited for, and done. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('requests beyond the limit are sent in their order, and those that are aborted while they wait are not', async () => {
  const { open, opened } = gate();
  await using peer = await Peer.start(async ({ path }) => {
    if (path === '/0') await opened;
    return { body: 'hello' };
  });
  await using transport = newTransport({ maxConnections: 1 });
  const controller = new AbortController();
  const call = async (n: number): Promise<string> => {
    const signal = n % 3 === 2 ? controller.signal : undefined;
    return readText((await transport.request(get(peer.url(`/${n}`), { signal }))).body);
  };
  const calls = Array.from({ length: 10 }, (_, n) => call(n));
  await peer.request();
  const aborted = Promise.all([2, 5, 8].map((n) => failureOf(calls[n] ?? Promise.resolve())));
  controller.abort(new Error('enough'));
  for (const error of await aborted) expect(error.message).toBe('enough');
  open();
  await Promise.allSettled(calls);
  expect(peer.requests.map(({ path }) => path)).toEqual(['/0', '/1', '/3', '/4', '/6', '/7', '/9']);
  expect(peer.connections).toBe(1);
});

test('a connection that is being made when its request is aborted serves the next one', async () => {
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  const { open, opened } = gate();
  const asked = gate();
  await using proxy = await startHttpProxy({
    targetPort: Number(peer.url().port),
    delay: () => {
      asked.open();
      return opened;
    },
  });
  await using transport = newTransport({ maxConnections: 1, proxyUrl: `http://127.0.0.1:${proxy.port}` });
  const controller = new AbortController();
  const url = new URL('http://server.invalid/');
  const failure = failureOf(transport.request(get(url, { signal: controller.signal })));
  await asked.opened;
  controller.abort(new Error('enough'));
  expect((await failure).message).toBe('enough');
  const next = transport.request(get(url));
  open();
  expect(await readText((await next).body)).toBe('hello');
  expect(proxy.asked).toHaveLength(1);
  expect(peer.requests).toHaveLength(1);
});

test('a connection that the server closes while it is idle is not used', async () => {
  const closed = gate();
  await using peer = await Peer.start(() => ({ body: 'hello' }));
  await using transport = newTransport({
    observer: ({ type }: TransportEvent) => {
      if (type === 'disconnected') closed.open();
    },
  });
  for (let i = 0; i < 2; i++) {
    expect(await readText((await transport.request(get(peer.url()))).body)).toBe('hello');
    peer.closeIdleConnections();
    if (i === 0) await closed.opened;
  }
  expect(peer.connections).toBe(2);
});

test('the limit is of each server', async () => {
  const { open, opened } = gate();
  const answer = async (): Promise<{ body: string }> => {
    await opened;
    return { body: 'hello' };
  };
  await using one = await Peer.start(answer);
  await using other = await Peer.start(answer);
  await using transport = newTransport({ maxConnections: 1 });
  const calls = [one, other].map((peer) => transport.request(get(peer.url())));
  await Promise.all([one.request(), other.request()]);
  open();
  for (const { body } of await Promise.all(calls)) expect(await readText(body)).toBe('hello');
});
