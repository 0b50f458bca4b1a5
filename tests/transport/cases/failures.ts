import { once } from 'node:events';
import { isTransportError, readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { Peer } from '../peer.js';
import { RawPeer } from '../raw-peer.js';

/** How a request fails: of which kind the error is, whom it names, and what it keeps to itself. */
export const failures = {
  'nobody at the port is a failure to connect, which names host and port': async (make) => {
    const peer = await Peer.start(() => ({}));
    const url = peer.url('/path?token=secret');
    const host = peer.host;
    await peer[Symbol.asyncDispose]();
    await using transport = make();
    const error = await failureOf(transport.request(get(url, { headers: { authorization: 'Bearer secret' } })));
    expect(isTransportError(error)).toBe(true);
    expect(error).toMatchObject({ failure: 'connect', message: `${host}: connection refused` });
    expect(error.cause).toBeInstanceOf(Error);
  },

  'a host without address is a failure to connect': async (make) => {
    await using transport = make();
    const error = await failureOf(transport.request(get(new URL('http://no-such-host.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toContain('no-such-host.invalid: ');
  },

  'a connection that is closed instead of an answer is a reset': async (make) => {
    await using peer = await Peer.start(() => ({ breaks: 'before' }));
    await using transport = make();
    const error = await failureOf(transport.request({ ...get(peer.url()), method: 'POST', body: '{}' }));
    expect(error).toMatchObject({ failure: 'reset' });
    expect(error.message).toContain(peer.host);
    expect(peer.requests).toHaveLength(1);
  },

  'a body that is shorter than announced is truncated': async (make) => {
    await using peer = await Peer.start(() => ({
      headers: { 'content-length': '100' },
      body: 'half',
      breaks: 'after',
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    const error = await failureOf(readText(response.body));
    expect(error).toMatchObject({ failure: 'truncated' });
    expect(error.message).toContain(peer.host);
  },

  'a stream that ends without saying so is truncated, after all that came': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'half', breaks: 'after' }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const chunks: Uint8Array[] = [];
    const error = await failureOf(
      (async () => {
        for await (const chunk of response.body) chunks.push(chunk);
      })(),
    );
    expect(error).toMatchObject({ failure: 'truncated' });
    expect(Buffer.concat(chunks).toString()).toBe('half');
  },

  'a body whose connection is reset is truncated, after all that came': async (make) => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';
    await using peer = await RawPeer.start((socket) => {
      socket.once('data', () => socket.write(`${head}half`));
    });
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    expect(Buffer.from((await body.next()).value ?? []).toString()).toBe('half');
    const failure = failureOf(body.next());
    peer.connections[0]?.resetAndDestroy();
    expect(await failure).toMatchObject({ failure: 'truncated' });
  },

  'a body that ends within a chunk is truncated': async (make) => {
    for (const rest of ['', '5\r\nab', '5\r\nabcde\r\n', '5\r\nabcde\r\n0\r\n']) {
      const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n';
      await using peer = await RawPeer.start((socket) => {
        socket.once('data', () => socket.end(head + rest));
      });
      await using transport = make();
      const response = await transport.request(get(peer.url()));
      expect(await failureOf(readText(response.body)), rest).toMatchObject({ failure: 'truncated' });
    }
  },

  'a body that is no sequence of chunks is truncated where that shows': async (make) => {
    await using peer = await RawPeer.start((socket) => {
      const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n';
      socket.once('data', () => socket.write(`${head}no length\r\n`));
    });
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(await failureOf(readText(response.body))).toMatchObject({ failure: 'truncated' });
  },

  'headers that come byte by byte arrive': async (make) => {
    const answer = 'HTTP/1.1 200 OK\r\nx-slow: yes\r\ncontent-length: 2\r\n\r\nok';
    await using peer = await RawPeer.start(async (socket) => {
      socket.setNoDelay(true);
      await once(socket, 'data');
      for (const byte of answer) {
        await new Promise((resolve) => socket.write(byte, resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.headers['x-slow']).toBe('yes');
    expect(await readText(response.body)).toBe('ok');
  },

  'headers without end are a failure': async (make) => {
    await using peer = await RawPeer.start(async (socket) => {
      await once(socket, 'data');
      socket.write('HTTP/1.1 200 OK\r\n');
      while (!socket.destroyed) {
        const more = socket.write(`x-more: ${'x'.repeat(10_000)}\r\n`);
        if (!more) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
      }
    });
    await using transport = make();
    const error = await failureOf(transport.request(get(peer.url())));
    expect(isTransportError(error), String(error)).toBe(true);
    expect(error.message).toContain(peer.host);
  },

  'interim answers are not the answer': async (make) => {
    await using peer = await RawPeer.start((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      });
    });
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.status).toBe(200);
    expect(await readText(response.body)).toBe('ok');
  },

  'an answer that nobody asked for is not that of the next request': async (make) => {
    const answer = (body: string): string => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    await using peer = await RawPeer.start((socket) => {
      socket.on('data', (bytes: Buffer) => {
        const [path = ''] = /\/\S*/.exec(bytes.toString()) ?? [];
        socket.write(answer(path) + (path === '/first' ? answer('forged') : ''));
      });
    });
    await using transport = make();
    for (const path of ['/first', '/second']) {
      expect(await readText((await transport.request(get(peer.url(path)))).body)).toBe(path);
    }
  },

  'an answer that is not HTTP is a failure, not an answer': async (make) => {
    await using peer = await RawPeer.start((socket) => socket.end('hello\r\n\r\n'));
    await using transport = make();
    const error = await failureOf(transport.request(get(peer.url())));
    expect(isTransportError(error), String(error)).toBe(true);
    expect(error.message).toContain(peer.host);
  },
} satisfies Record<string, TransportCase>;
