import { newCertificateAuthority } from '@client-ts/envtest';
import { readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { startConnectProxy } from '../clientcmd/connect-proxy.js';
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

describe('through a proxy', () => {
  test('requests reach the server, and the proxy is told host and port alone', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }));
    await using proxy = await startConnectProxy(Number(peer.url().port));
    await using transport = newTransport({ proxyUrl: proxy.url });
    const response = await transport.request(get(new URL('http://server.invalid/path?token=secret')));
    expect(await readText(response.body)).toBe('hello');
    expect((await peer.request()).path).toBe('/path?token=secret');
    expect(proxy.take()).toEqual(['server.invalid:80']);
  });

  test('a proxy that is not there is a failure to connect, which names it without its password', async () => {
    const peer = await Peer.start(() => ({}));
    const { host } = peer;
    await peer[Symbol.asyncDispose]();
    await using transport = newTransport({ proxyUrl: `http://ann:secret@${host}` });
    const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toContain(`server.invalid (through the proxy ${host}): connection refused`);
  });

  test.each([
    ['a proxy that closes the connection', { breaks: 'before' }, 'connection reset by peer'],
    ['a proxy that wants to be paid', { status: 402 }, 'the proxy answered 402 Payment Required'],
  ] as const)('%s is a failure to connect', async (_, reply, reason) => {
    await using peer = await Peer.start(() => reply);
    await using transport = newTransport({ proxyUrl: `http://ann:secret@${peer.host}` });
    const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toBe(`server.invalid (through the proxy ${peer.host}): ${reason}`);
  });

  test('user and password are for the proxy alone', async () => {
    await using peer = await Peer.start(() => ({ status: 407 }));
    await using transport = newTransport({ proxyUrl: `http://ann:secret@${peer.host}` });
    await failureOf(
      transport.request(get(new URL('http://server.invalid'), { headers: { authorization: 'Bearer x' } })),
    );
    const { method, path, headers } = await peer.request();
    expect({ method, path }).toEqual({ method: 'CONNECT', path: 'server.invalid:80' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'proxy-authorization': `Basic ${Buffer.from('ann:secret').toString('base64')}`,
    });
    expect(Object.fromEntries(headers)).not.toHaveProperty('authorization');
  });

  test('TLS is that of the server, within the tunnel', async () => {
    const authority = await newCertificateAuthority('proxy tests');
    const certificate = await authority.issue({ commonName: 'server', addresses: ['server.invalid'] });
    await using peer = await Peer.start(() => ({ body: 'hello' }), certificate);
    await using proxy = await startConnectProxy(Number(peer.url().port));
    await using transport = newTransport({ proxyUrl: proxy.url, tls: { ca: authority.cert } });
    const { body } = await transport.request(get(new URL('https://server.invalid')));
    expect(await readText(body)).toBe('hello');
    expect(proxy.take()).toEqual(['server.invalid:443']);
    const error = await failureOf(transport.request(get(new URL('https://other.invalid'))));
    expect(error).toMatchObject({ failure: 'tls' });
  });
});
