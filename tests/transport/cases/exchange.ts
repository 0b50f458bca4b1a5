import { headersOf, readBytes, readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { Peer } from '../peer.js';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 256);

/** What goes there and comes back, when nothing fails. */
export const exchange = {
  'method, path, query, headers and body arrive as they were given': async (make) => {
    await using peer = await Peer.start(() => ({}));
    await using transport = make();
    const response = await transport.request({
      method: 'PATCH',
      url: peer.url('/a%20b/c:d?x=1&x=2&y=%2F'),
      headers: { 'content-type': 'text/plain', 'impersonate-group': ['one', 'two'] },
      body: 'häh?',
    });
    await response.discard();
    const request = await peer.request();
    expect(request).toMatchObject({ method: 'PATCH', path: '/a%20b/c:d?x=1&x=2&y=%2F' });
    expect(request.body.toString()).toBe('häh?');
    const sent = new Map(request.headers);
    expect(sent.get('content-type')).toBe('text/plain');
    const groups = request.headers.filter(([name]) => name === 'impersonate-group').map(([, value]) => value);
    expect(groups.join(', ')).toBe('one, two');
  },

  'a body may be bytes of any kind': async (make) => {
    await using peer = await Peer.start(() => ({}));
    await using transport = make();
    await (await transport.request({ ...get(peer.url()), method: 'POST', body: bytes })).discard();
    expect(Buffer.compare((await peer.request()).body, bytes)).toBe(0);
  },

  'status, headers and body come as they were sent': async (make) => {
    await using peer = await Peer.start(() => ({
      status: 422,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
      body: '{"ä":"€"}',
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.status).toBe(422);
    expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '7' });
    expect(await readText(response.body)).toBe('{"ä":"€"}');
  },

  'headers that are repeated are all there': async (make) => {
    await using peer = await Peer.start(() => ({ headers: { warning: ['299 - "one"', '299 - "two"'] } }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(headersOf(response, 'warning').join(', ')).toBe('299 - "one", 299 - "two"');
    await response.discard();
  },

  'headers are text, in UTF-8 on the wire': async (make) => {
    const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
    await using peer = await Peer.start(() => ({ headers: { warning: latin1('299 - "schön, 運用"') } }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { headers: { 'impersonate-user': 'jürgen 運用' } }));
    expect(headersOf(response, 'warning')).toEqual(['299 - "schön, 運用"']);
    expect(new Map((await peer.request()).headers).get('impersonate-user')).toBe(latin1('jürgen 運用'));
    await response.discard();
  },

  'a header with a line break is refused, without a word of its value': async (make) => {
    await using peer = await Peer.start(() => ({}));
    await using transport = make();
    const error = await failureOf(
      transport.request(get(peer.url(), { headers: { authorization: 'Bearer secret\nx-admin: yes' } })),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('authorization');
    expect(error.message).not.toContain('secret');
    expect(peer.requests).toEqual([]);
  },

  'an answer may have no body': async (make) => {
    await using peer = await Peer.start(() => ({ status: 204 }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.status).toBe(204);
    expect(await readText(response.body)).toBe('');
  },

  'a redirect is an answer like others': async (make) => {
    await using peer = await Peer.start(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
    await response.discard();
    expect(peer.requests).toHaveLength(1);
  },

  'a large body comes whole': async (make) => {
    await using peer = await Peer.start(() => ({
      body: (async function* () {
        for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003);
      })(),
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(Buffer.compare(await readBytes(response.body), bytes)).toBe(0);
  },

  'a body is read as it comes, not when it has ended': async (make) => {
    let goOn = (): void => {};
    const asked = new Promise<void>((resolve) => (goOn = resolve));
    await using peer = await Peer.start(() => ({
      body: (async function* () {
        yield 'first';
        await asked;
        yield 'second';
      })(),
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const chunks: string[] = [];
    for await (const chunk of response.body) {
      chunks.push(Buffer.from(chunk).toString());
      goOn();
    }
    expect(chunks).toEqual(['first', 'second']);
  },

  'chunks stay as they are while more is read': async (make) => {
    await using peer = await Peer.start(() => ({
      body: (async function* () {
        for (let letter = 0; letter < 100; letter++) yield String.fromCharCode(33 + letter).repeat(10_000);
      })(),
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    const chunks: [Uint8Array, string][] = [];
    for await (const chunk of response.body) chunks.push([chunk, Buffer.from(chunk).toString('latin1')]);
    for (const [chunk, before] of chunks) expect(Buffer.from(chunk).toString('latin1') === before).toBe(true);
  },
} satisfies Record<string, TransportCase>;
