import { getEventListeners } from 'node:events';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { newCertificateAuthority } from '@client-ts/envtest';
import { readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { openResources } from './open-resources.js';
import { open, Peer } from './peer.js';
import { RawPeer } from './raw-peer.js';

const authority = await newCertificateAuthority('leak tests');
const server = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });

test('a thousand requests that end in every way leave nothing behind', async () => {
  const lifelong = new AbortController();
  const clock = new FakeClock();
  {
    await using peer = await Peer.start(({ path }) => {
      if (path === '/breaks') return { body: 'half', breaks: 'after' };
      if (path === '/open') return { body: open('first') };
      return { status: path === '/refused' ? 500 : 200, body: 'x'.repeat(1000) };
    }, server);
    await using silent = await RawPeer.start(() => {});
    await using transport = newTransport({ tls: { ca: authority.cert }, clock });
    const { signal } = lifelong;

    const ways: (() => Promise<unknown>)[] = [
      async () => readText((await transport.request(get(peer.url(), { signal }))).body),
      async () => (await transport.request(get(peer.url('/refused'), { signal }))).discard(),
      async () => failureOf(readText((await transport.request(get(peer.url('/breaks'), { signal }))).body)),
      async () => (await transport.request(get(peer.url('/open'), { signal, longRunning: true }))).discard(),
      async () => {
        for await (const _ of (await transport.request(get(peer.url(), { signal }))).body) break;
      },
      async () => {
        const own = new AbortController();
        const { body } = await transport.request(get(peer.url('/open'), { signal: own.signal, longRunning: true }));
        const failure = failureOf(readText(body));
        own.abort(new Error('enough'));
        await failure;
      },
      async () => {
        const own = new AbortController();
        const failure = failureOf(transport.request(get(peer.url(), { signal: own.signal })));
        own.abort(new Error('enough'));
        await failure;
      },
      async () => {
        const own = new AbortController();
        // The handshake is never answered.
        const failure = failureOf(transport.request(get(silent.url('/', 'https'), { signal: own.signal })));
        own.abort(new Error('enough'));
        await failure;
      },
    ];
    for (let batch = 0; batch < 1000; batch += 50) {
      await Promise.all(Array.from({ length: 50 }, async (_, i) => ways[(batch + i) % ways.length]?.()));
    }
    expect(getEventListeners(lifelong.signal, 'abort')).toEqual([]);
  }
  await expect.poll(openResources).toEqual([]);
  expect(clock.pending).toBe(0);
});
