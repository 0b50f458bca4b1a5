import { headersOf, readBytes, readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 256);

/** What goes there and comes back, when nothing fails. */
export const exchange = {
  'method, path, query, headers and body arrive as they were given': async (make, start) => {
    await using peer = await start(() => ({}));
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

  'a body may be bytes of any kind': async (make, start) => {
    await using peer = await start(() => ({}));
    await using transport = make();
    await (await transport.request({ ...get(peer.url()), method: 'POST', body: bytes })).discard();
    expect(Buffer.compare((await peer.request()).body, bytes)).toBe(0);
  },

  'status, headers and body come as they were sent': async (make, start) => {
    await using peer = await start(() => ({
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

  'headers that are repeated are all there': async (make, start) => {
    await using peer = await start(() => ({ headers: { warning: ['299 - "one"', '299 - "two"'] } }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(headersOf(response, 'warning').join(', ')).toBe('299 - "one", 299 - "two"');
    await response.discard();
  },

  'headers are text, in UTF-8 on the wire': async (make, start) => {
    const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
    await using peer = await start(() => ({ headers: { warning: latin1('299 - "schön, 運用"') } }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { headers: { 'impersonate-user': 'jürgen 運用' } }));
    expect(headersOf(response, 'warning')).toEqual(['299 - "schön, 運用"']);
    expect(new Map((await peer.request()).headers).get('impersonate-user')).toBe(latin1('jürgen 運用'));
    await response.discard();
  },

  'a header with a line break is refused, without a word of its value': async (make, start) => {
    await using peer = await start(() => ({}));
    await using transport = make();
    const error = await failureOf(
      transport.request(get(peer.url(), { headers: { authorization: 'Bearer secret\nx-admin: yes' } })),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('authorization');
    expect(error.message).not.toContain('secret');
    expect(peer.requests).toEqual([]);
  },

  'an answer may have no body': async (make, start) => {
    await using peer = await start(() => ({ status: 204 }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.status).toBe(204);
    expect(await readText(response.body)).toBe('');
  },

  'a redirect is an answer like others: nobody else gets the credentials': async (make, start) => {
    await using elsewhere = await start(() => ({}));
    const location = elsewhere.url('/elsewhere').href;
    await using peer = await start(() => ({ status: 307, headers: { location } }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { headers: { authorization: 'Bearer token' } }));
    expect(response).toMatchObject({ status: 307, headers: { location } });
    await response.discard();
    expect(peer.requests).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
  },

  'a refusal of the credentials is an answer like others': async (make, start) => {
    await using peer = await start(() => ({ status: 401, headers: { 'www-authenticate': 'Basic' }, body: 'no' }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { headers: { authorization: 'Bearer token' } }));
    expect(response).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic' } });
    expect(await readText(response.body)).toBe('no');
    expect(peer.requests).toHaveLength(1);
  },

  'many large headers are all there': async (make, start) => {
    const warning = Array.from({ length: 100 }, (_, i) => `299 - "${String(i).padStart(1000, '-')}"`);
    await using peer = await start(() => ({ headers: { warning } }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(headersOf(response, 'warning').join(', ')).toBe(warning.join(', '));
    await response.discard();
  },

  'a large body comes whole': async (make, start) => {
    await using peer = await start(() => ({
      body: (async function* () {
        for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003);
      })(),
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(Buffer.compare(await readBytes(response.body), bytes)).toBe(0);
  },

  'a body is read as it comes, not when it has ended': async (make, start) => {
    let goOn = (): void => {};
    const asked = new Promise<void>((resolve) => (goOn = resolve));
    await using peer = await start(() => ({
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

  'chunks stay as they are while more is read': async (make, start) => {
    await using peer = await start(() => ({
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
