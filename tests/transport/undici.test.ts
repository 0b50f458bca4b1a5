import { readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { open, Peer } from './peer.js';
import { onLoopback, transportCases } from './transport-cases.js';

transportCases('undici', onLoopback(newTransport));

describe('transports of one identity', () => {
  test('use the same connections', async () => {
    await using peer = await Peer.start(() => ({ body: '{}' }));
    await using one = newTransport();
    await using other = newTransport({ tls: { insecure: false } });
    for (const transport of [one, other, one]) await readText((await transport.request(get(peer.url()))).body);
    expect(peer.connections).toBe(1);
  });

  test('are closed with the last of them', async () => {
    await using peer = await Peer.start(() => ({ body: open('first') }));
    const one = newTransport();
    const other = newTransport();
    const response = await other.request(get(peer.url(), { longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await (await other.request(get(peer.url('/more'), { longRunning: true }))).discard();
    const failure = failureOf(body.next());
    await other[Symbol.asyncDispose]();
    expect(await failure).toMatchObject({ failure: 'truncated' });
  });

  test('begin anew after that', async () => {
    await using peer = await Peer.start(() => ({ body: '{}' }));
    for (let i = 0; i < 2; i++) {
      await using transport = newTransport();
      await readText((await transport.request(get(peer.url()))).body);
    }
    expect(peer.connections).toBe(2);
  });

  test('are not those of another identity', async () => {
    await using peer = await Peer.start(() => ({ body: '{}' }));
    await using one = newTransport();
    await using other = newTransport({ tls: { serverName: 'other' } });
    for (const transport of [one, other]) await readText((await transport.request(get(peer.url()))).body);
    expect(peer.connections).toBe(2);
  });
});
