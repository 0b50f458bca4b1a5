import { newCertificateAuthority } from '@client-ts/envtest';
import { readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { Peer } from '../peer.js';

const authority = await newCertificateAuthority('transport tests');
const server = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
const elsewhere = await authority.issue({ commonName: 'server', addresses: ['kubernetes.default.svc'] });

/** Whom a transport trusts, and how it makes itself known. */
export const tls = {
  'an unknown authority is a failure of TLS, before anything is sent': async (make) => {
    await using peer = await Peer.start(() => ({}), server);
    await using transport = make();
    const error = await failureOf(transport.request(get(peer.url(), { headers: { authorization: 'Bearer secret' } })));
    expect(error).toMatchObject({ failure: 'tls' });
    expect(error.message).toContain(`${peer.host}: `);
    expect(peer.requests).toEqual([]);
  },

  'a server of an authority that was given is trusted': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'hello' }), server);
    await using transport = make({ tls: { ca: authority.cert } });
    expect(await readText((await transport.request(get(peer.url()))).body)).toBe('hello');
  },

  'an authority that was given replaces all others': async (make) => {
    const other = await newCertificateAuthority('another');
    await using peer = await Peer.start(() => ({}), server);
    await using transport = make({ tls: { ca: other.cert } });
    expect(await failureOf(transport.request(get(peer.url())))).toMatchObject({ failure: 'tls' });
  },

  'a certificate for another name is a failure of TLS, unless that name is expected': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'hello' }), elsewhere);
    const url = new URL(peer.url().href.replace('127.0.0.1', 'localhost'));
    await using strict = make({ tls: { ca: authority.cert } });
    expect(await failureOf(strict.request(get(url)))).toMatchObject({ failure: 'tls' });
    await using named = make({ tls: { ca: authority.cert, serverName: 'kubernetes.default.svc' } });
    expect(await readText((await named.request(get(url))).body)).toBe('hello');
  },

  'insecure trusts anybody': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'hello' }), elsewhere);
    await using transport = make({ tls: { insecure: true } });
    expect(await readText((await transport.request(get(peer.url()))).body)).toBe('hello');
  },

  'a client certificate is shown': async (make) => {
    const ann = await authority.issue({ commonName: 'ann', organizations: ['ops'] });
    await using peer = await Peer.start(() => ({}), { ...server, clientCa: authority.cert });
    await using transport = make({ tls: { ca: authority.cert, ...ann } });
    await (await transport.request(get(peer.url()))).discard();
    expect((await peer.request()).certificate).toBe('ann');
  },

  'no TLS at the other end is a failure of TLS': async (make) => {
    await using peer = await Peer.start(() => ({}));
    await using transport = make();
    expect(await failureOf(transport.request(get(new URL(`https://${peer.host}`))))).toMatchObject({ failure: 'tls' });
  },
} satisfies Record<string, TransportCase>;
