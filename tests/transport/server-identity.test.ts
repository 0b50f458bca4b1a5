import { networkInterfaces } from 'node:os';
import { newCertificateAuthority } from '@client-ts/envtest';
import { readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { Peer } from './peer.js';
import { startHttpProxy } from './proxy-peer.js';

const authority = await newCertificateAuthority('identity tests');

const addresses = Object.values(networkInterfaces()).flatMap((network = []) => network.map(({ address }) => address));
const withoutIpv6 = addresses.includes('::1') ? '' : ' (skipped: this machine has no IPv6)';

/** A server is who its certificate says, for names and for addresses of both families. */
describe.each([
  // Where it is, whom its certificate is for, whom the client expects, and whom it should have been for.
  { at: '::1', certificate: ['::1'] },
  { at: '::1', certificate: ['kubernetes.default.svc', '10.0.0.1', 'fd00:10:96::1', '::1'] },
  { at: '::1', certificate: ['127.0.0.1', 'localhost', '::2'], wrong: '::1' },
  { at: '::1', certificate: ['kubernetes.default.svc'], serverName: 'kubernetes.default.svc' },
  { at: '::1', certificate: ['fd00:10:96::1'], serverName: 'fd00:10:96::1' },
  { at: '::1', certificate: ['fd00:10:96::1'], serverName: 'FD00:10:96:0:0:0:0:1' },
  { at: '::1', certificate: ['::1'], serverName: 'fd00:10:96::1', wrong: 'fd00:10:96::1' },
  { at: '127.0.0.1', certificate: ['::1'], serverName: '::1' },
  { at: '127.0.0.1', certificate: ['127.0.0.1'] },
  { at: '127.0.0.1', certificate: ['::7f00:1', '127.0.0.2', 'localhost'], wrong: '127.0.0.1' },
  { at: '127.0.0.1', certificate: ['::1'], wrong: '127.0.0.1' },
  { at: '127.0.0.1', certificate: ['127.0.0.1'], serverName: 'kubernetes', wrong: 'kubernetes' },
])('$at with a certificate for $certificate, expected to be $serverName', ({ at, certificate, serverName, wrong }) => {
  const skipped = at === '::1' ? withoutIpv6 : '';
  test.skipIf(skipped)((wrong === undefined ? 'is trusted' : `is not ${wrong}`) + skipped, async () => {
    const pair = await authority.issue({ commonName: 'server', addresses: certificate });
    await using peer = await Peer.start(() => ({ body: 'hello' }), pair, at);
    await using transport = newTransport({ tls: { ca: authority.cert, ...(serverName ? { serverName } : {}) } });
    const answer = transport.request(get(peer.url()));
    if (wrong === undefined) {
      expect(await readText((await answer).body)).toBe('hello');
    } else {
      const error = await failureOf(answer);
      expect(error).toMatchObject({ failure: 'tls' });
      expect(error.message).toContain(wrong);
      expect(peer.requests).toEqual([]);
    }
  });
});

test.skipIf(withoutIpv6)(`an https:// proxy at an IPv6 address is who its certificate says${withoutIpv6}`, async () => {
  const server = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
  const [right, wrong] = await Promise.all(
    [['::1'], ['::2']].map((addresses) => authority.issue({ commonName: 'proxy', addresses })),
  );
  await using peer = await Peer.start(() => ({ body: 'hello' }), server);
  for (const [pair, trusted] of [
    [right, true],
    [wrong, false],
  ] as const) {
    await using proxy = await startHttpProxy({ targetPort: Number(peer.url().port), address: '::1' }, pair);
    await using transport = newTransport({ tls: { ca: authority.cert }, proxyUrl: `https://[::1]:${proxy.port}` });
    const answer = transport.request(get(peer.url()));
    if (trusted) expect(await readText((await answer).body)).toBe('hello');
    else expect(await failureOf(answer)).toMatchObject({ failure: 'tls' });
    expect(proxy.asked).toHaveLength(trusted ? 1 : 0);
  }
});
