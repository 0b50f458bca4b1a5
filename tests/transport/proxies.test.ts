import { newCertificateAuthority } from '@client-ts/envtest';
import { isTransportError, readText, type TransportEvent } from '@client-ts/rest';
import { newTransport, type TransportOptions } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { Peer } from './peer.js';
import { type ProxyPeer, startHttpProxy, startSocks5Proxy } from './proxy-peer.js';
import { RawPeer } from './raw-peer.js';

const authority = await newCertificateAuthority('proxy tests');
const server = await authority.issue({ commonName: 'server', addresses: ['server.invalid', '10.1.2.3', 'fd00::7'] });
const proxyCertificate = await authority.issue({ commonName: 'proxy', addresses: ['127.0.0.1'] });
const tls = { ca: authority.cert };

/** The kinds of proxies, and how to start one that leads to a port. */
const kinds: Readonly<Record<string, (targetPort: number, refuse?: () => boolean) => Promise<ProxyPeer>>> = {
  http: (targetPort, refuse) => startHttpProxy({ targetPort, ...(refuse ? { refuse } : {}) }),
  https: (targetPort, refuse) => startHttpProxy({ targetPort, ...(refuse ? { refuse } : {}) }, proxyCertificate),
  socks5: (targetPort, refuse) => startSocks5Proxy({ targetPort, ...(refuse ? { refuse } : {}) }),
};

describe.each(Object.entries(kinds))('through a proxy of kind %s', (kind, start) => {
  const through = ({ port }: ProxyPeer, userinfo = ''): TransportOptions => ({
    tls,
    proxyUrl: `${kind}://${userinfo}127.0.0.1:${port}`,
  });

  test('requests reach the server within TLS of its own, and the proxy is told host and port alone', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }), server);
    await using proxy = await start(Number(peer.url().port));
    await using transport = newTransport(through(proxy));
    const response = await transport.request(get(new URL('https://server.invalid/path?token=secret')));
    expect(await readText(response.body)).toBe('hello');
    expect((await peer.request()).path).toBe('/path?token=secret');
    expect(proxy.asked).toEqual(['server.invalid:443']);
    expect(proxy.credentials).toEqual([undefined]);
    const other = await failureOf(transport.request(get(new URL('https://other.invalid'))));
    expect(other).toMatchObject({ failure: 'tls' });
  });

  test('the server may be an address, and without TLS', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }));
    await using secure = await Peer.start(() => ({ body: 'secure' }), server);
    await using proxy = await start(Number(peer.url().port));
    await using other = await start(Number(secure.url().port));
    await using transport = newTransport(through(proxy));
    const body = async (url: string): Promise<string> => readText((await transport.request(get(new URL(url)))).body);
    expect(await body('http://server.invalid:8080')).toBe('hello');
    expect(await body('http://10.1.2.3')).toBe('hello');
    expect(await body('http://[fd00::7]:8080')).toBe('hello');
    const v6 = kind === 'socks5' ? 'fd000000000000000000000000000007:8080' : '[fd00::7]:8080';
    expect(proxy.asked).toEqual(['server.invalid:8080', '10.1.2.3:80', v6]);
    await using toSecure = newTransport(through(other));
    for (const host of ['10.1.2.3', '[fd00::7]']) {
      expect(await readText((await toSecure.request(get(new URL(`https://${host}`)))).body)).toBe('secure');
    }
  });

  test('user and password are for the proxy alone', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }));
    await using proxy = await start(Number(peer.url().port));
    await using transport = newTransport(through(proxy, 'ann:s%40cret@'));
    await (
      await transport.request(get(new URL('http://server.invalid'), { headers: { authorization: 'x' } }))
    ).discard();
    expect(proxy.credentials).toEqual(['ann:s@cret']);
    const { headers } = await peer.request();
    expect(Object.fromEntries(headers)).not.toHaveProperty('proxy-authorization');
  });

  test('a refusal is a failure to connect, without the password', async () => {
    await using proxy = await start(1, () => true);
    const events: TransportEvent[] = [];
    await using transport = newTransport({ ...through(proxy, 'ann:secret@'), observer: (event) => events.push(event) });
    const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toMatch(
      kind === 'socks5'
        ? `server.invalid (through the proxy 127.0.0.1:${proxy.port}): the proxy answered: the connection is not allowed`
        : `server.invalid (through the proxy 127.0.0.1:${proxy.port}): the proxy answered 403 Forbidden`,
    );
    expect(JSON.stringify([events, error.message, String(error.cause)])).not.toContain('secret');
  });

  test('connections that could not be made do not count, and the others stay bounded', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }));
    let tunnels = 0;
    await using proxy = await start(Number(peer.url().port), () => tunnels++ < 40);
    let open = 0;
    const observer = ({ type }: TransportEvent): void => {
      if (type === 'connected') open++;
      if (type === 'disconnected') open--;
    };
    const transport = newTransport({ ...through(proxy), maxConnections: 8, observer });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => {
        try {
          return await readText((await transport.request(get(new URL('http://server.invalid')))).body);
        } catch (error) {
          return (error as { failure?: string }).failure;
        }
      }),
    );
    expect(answers.filter((answer) => answer === 'connect')).toHaveLength(40);
    expect(answers.filter((answer) => answer === 'hello')).toHaveLength(60);
    expect(peer.connections).toBeLessThanOrEqual(8);
    await transport[Symbol.asyncDispose]();
    expect(open).toBe(0);
  });
});

test('an https:// proxy of an unknown authority is not trusted, unless everything is', async () => {
  const unknown = await newCertificateAuthority('unknown');
  const certificate = await unknown.issue({ commonName: 'proxy', addresses: ['127.0.0.1'] });
  await using peer = await Peer.start(() => ({ body: 'hello' }), server);
  await using proxy = await startHttpProxy({ targetPort: Number(peer.url().port) }, certificate);
  const proxyUrl = `https://ann:secret@127.0.0.1:${proxy.port}`;
  await using transport = newTransport({ tls, proxyUrl });
  const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
  expect(error).toMatchObject({ failure: 'tls' });
  expect(proxy.asked).toEqual([]);
  await using careless = newTransport({ tls: { insecure: true }, proxyUrl });
  expect(await readText((await careless.request(get(new URL('https://server.invalid')))).body)).toBe('hello');
});

test('a proxy that is not there is a failure to connect, which names it without its password', async () => {
  const peer = await RawPeer.start(() => {});
  const { host } = peer;
  await peer[Symbol.asyncDispose]();
  for (const kind of Object.keys(kinds)) {
    await using transport = newTransport({ proxyUrl: `${kind}://ann:secret@${host}` });
    const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toContain(`server.invalid (through the proxy ${host}): connection refused`);
  }
});

/** What proxies may answer to the first thing that they hear. */
const answers: [kind: string, answer: string | Buffer, reason: string][] = [
  ['http', '', 'connection reset by peer'],
  [
    'http',
    'HTTP/1.1 402 Payment\u001b[31m Required\r\n\r\n',
    String.raw`the proxy answered 402 Payment\u001b[31m Required`,
  ],
  ['http', 'HTTP/1.1 407 \r\n\r\n', 'the proxy answered 407 '],
  ['http', 'no HTTP\r\n\r\n', 'Parse Error'],
  ['socks5', '', 'the proxy closed the connection'],
  ['socks5', Buffer.from([5]), 'the proxy closed the connection'],
  ['socks5', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'the proxy does not speak SOCKS5'],
  ['socks5', Buffer.from([5, 255]), 'the proxy takes no user and password'],
  ['socks5', Buffer.from([5, 2, 1, 1]), 'the proxy refused user and password'],
  ['socks5', Buffer.from([5, 0, 5, 5, 0, 1]), 'the proxy answered: connection refused'],
  ['socks5', Buffer.from([5, 0, 5, 99, 0, 1]), 'the proxy answered: failure 99'],
  ['socks5', Buffer.from([5, 0, 5, 0, 0, 7]), 'the proxy does not speak SOCKS5'],
];

test.each(answers)('a proxy of kind %s that answers %j is a failure to connect', async (kind, answer, reason) => {
  await using proxy = await RawPeer.start((socket) => socket.once('data', () => socket.end(answer)));
  await using transport = newTransport({ proxyUrl: `${kind}://ann:secret@${proxy.host}` });
  const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
  expect(error).toMatchObject({ failure: 'connect' });
  expect(error.message).toContain(`server.invalid (through the proxy ${proxy.host}): ${reason}`);
  expect(error.message).not.toContain('secret');
});

test('a SOCKS5 proxy that wants a user and password, and gets none', async () => {
  await using proxy = await RawPeer.start((socket) => socket.once('data', () => socket.end(Buffer.from([5, 255]))));
  await using transport = newTransport({ proxyUrl: `socks5://${proxy.host}` });
  const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
  expect(error.message).toContain('the proxy wants a user and password');
});

test('what SOCKS5 has no place for is a failure before it is sent', async () => {
  await using proxy = await RawPeer.start((socket) => socket.once('data', () => socket.write(Buffer.from([5, 2]))));
  await using transport = newTransport({ proxyUrl: `socks5://ann:${'x'.repeat(256)}@${proxy.host}` });
  const error = await failureOf(transport.request(get(new URL('https://server.invalid'))));
  expect(isTransportError(error)).toBe(true);
  expect(error.message).toContain('255 bytes');
  expect(error.message).not.toContain('xxx');
});
