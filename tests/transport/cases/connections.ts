import { readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { open, Peer } from '../peer.js';

/** As many as a burst of a busy controller, and far more than the connections that a transport may open. */
const Burst = 1000;
const MaxConnections = 32;

/** As many as the informers of a few controllers for everything have. */
const Watches = 200;

/** What requests cost in connections, and when these are closed. */
export const connections = {
  'a thousand calls, one after the other, use one connection': async (make) => {
    await using peer = await Peer.start(() => ({ body: '{}' }));
    await using transport = make();
    for (let i = 0; i < 1000; i++) await readText((await transport.request(get(peer.url()))).body);
    expect(peer.requests).toHaveLength(1000);
    expect(peer.connections).toBe(1);
  },

  'a burst of calls opens a bounded number of connections': async (make) => {
    await using peer = await Peer.start(() => ({ body: '{}' }));
    await using transport = make();
    const calls = Array.from({ length: Burst }, async () => readText((await transport.request(get(peer.url()))).body));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['{}']));
    expect(peer.connections).toBeLessThanOrEqual(MaxConnections);
  },

  'open watches take no place from calls': async (make) => {
    await using peer = await Peer.start(({ path }) => ({ body: path === '/watch' ? open('first') : '{}' }));
    await using transport = make();
    const watches = await Promise.all(
      Array.from({ length: Watches }, () => transport.request(get(peer.url('/watch'), { longRunning: true }))),
    );
    const calls = Array.from({ length: Watches }, async () =>
      readText((await transport.request(get(peer.url('/')))).body),
    );
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['{}']));
    expect(peer.connections).toBeLessThanOrEqual(Watches + MaxConnections);
    await Promise.all(watches.map((watch) => watch.discard()));
  },

  'a server that wants its connections closed gets another for each call': async (make) => {
    for (const headers of [{ connection: 'close' }, { 'keep-alive': 'timeout=1' }]) {
      await using peer = await Peer.start(() => ({ headers, body: '{}' }));
      await using transport = make();
      for (let i = 0; i < 3; i++) await readText((await transport.request(get(peer.url()))).body);
      expect(peer.connections, JSON.stringify(headers)).toBe(3);
    }
  },

  'discarding a small body gives the connection back': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'x'.repeat(10_000) }));
    await using transport = make();
    for (let i = 0; i < 20; i++) await (await transport.request(get(peer.url()))).discard();
    expect(peer.connections).toBe(1);
  },

  'discarding a large body closes its connection, and leaves place for others': async (make) => {
    await using peer = await Peer.start(({ path }) => ({ body: path === '/large' ? endless() : '{}' }));
    await using transport = make();
    for (let i = 0; i < 2 * MaxConnections; i++) await (await transport.request(get(peer.url('/large')))).discard();
    expect(await readText((await transport.request(get(peer.url()))).body)).toBe('{}');
    await Promise.all(peer.requests.slice(0, -1).map(({ left }) => left));
  },

  'discarding an open stream closes it at once': async (make) => {
    await using peer = await Peer.start(() => ({ body: open('first') }));
    await using transport = make();
    await (await transport.request(get(peer.url(), { longRunning: true }))).discard();
    await (
      await peer.request()
    ).left;
  },

  'discarding does nothing to a body that is read, and nothing twice': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'x'.repeat(100_000) }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      await response.discard();
    }
    expect(length).toBe(100_000);
    await response.discard();
    await response.discard();
  },

  'discarding what has broken off is no failure': async (make) => {
    await using peer = await Peer.start(() => ({
      headers: { 'content-length': '100' },
      body: 'half',
      breaks: 'after',
    }));
    await using transport = make();
    await (await transport.request(get(peer.url()))).discard();
  },

  'disposing breaks what is open, twice does nothing, and afterwards nothing is sent': async (make) => {
    await using peer = await Peer.start(() => ({ body: open('first') }));
    const transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    const failure = failureOf(body.next());
    await transport[Symbol.asyncDispose]();
    await transport[Symbol.asyncDispose]();
    expect(await failure).toBeInstanceOf(Error);
    await (
      await peer.request()
    ).left;
    expect((await failureOf(transport.request(get(peer.url())))).message).toContain('disposed');
    expect(peer.requests).toHaveLength(1);
  },
} satisfies Record<string, TransportCase>;

async function* endless(): AsyncGenerator<string, void, void> {
  for (;;) yield 'x'.repeat(100_000);
}
