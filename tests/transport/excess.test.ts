import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { isTransportError, readText, type TransportRequest } from '@client-ts/rest';
import { newTransport, type TransportOptions } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { http2Certificate, http2Tls } from './http2-peer.js';

/**
 * Asks a server that sends `head`, and then `more` again and again for as long as somebody takes it. Resolves with the error,
 * once the client has closed the connection.
 */
async function flooded(
  [head, more]: readonly [Uint8Array | string, Uint8Array | string],
  options: TransportOptions,
  rest: Partial<TransportRequest> = {},
): Promise<Error> {
  const gone: Promise<unknown>[] = [];
  const serve = async (socket: Socket): Promise<void> => {
    gone.push(new Promise((resolve) => socket.once('close', resolve)));
    socket.on('error', () => {});
    await once(socket, 'data');
    socket.resume().write(head);
    while (!socket.destroyed) await new Promise((resolve) => socket.write(more, resolve));
  };
  const isSecure = options.tls !== undefined;
  const server: Server = isSecure
    ? createTlsServer({ ...http2Certificate, ALPNProtocols: ['h2'] }, (socket) => void serve(socket))
    : createTcpServer((socket) => void serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using transport = newTransport(options);
    const url = new URL(`${isSecure ? 'https' : 'http'}://${host}/`);
    const error = await failureOf(transport.request(get(url, rest)).then(({ body }) => readText(body)));
    expect(isTransportError(error), String(error)).toBe(true);
    expect(error.message).toContain(`${host}: `);
    // A connection that others may share is closed with the transport, unless it broke.
    if (isSecure) await transport[Symbol.asyncDispose]();
    await Promise.all(gone);
    return error;
  } finally {
    server.close();
  }
}

const long = 'x'.repeat(100_000);
const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const interim = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

describe('over HTTP/1.1, an answer fails with', () => {
  test.concurrent.each([
    ['a status line without end', ['HTTP/1.1 200 ', long], 'timeout', 'headersTimeoutMs'],
    ['a header name without end', [ok, long], 'other', '256 KiB'],
    ['a header without end', [`${ok}x-long: `, long], 'other', '256 KiB'],
    ['headers without end', [ok, 'x-more: x\r\n'.repeat(1000)], 'other', '256 KiB'],
    ['interim answers without end', ['', interim.repeat(1000)], 'other', 'interim'],
    ['a chunk length without end', [chunked, '0'.repeat(100_000)], 'timeout', 'bodyTimeoutMs'],
    ['a chunk extension without end', [`${chunked}4;`, long], 'timeout', 'bodyTimeoutMs'],
    ['a trailer without end', [`${chunked}2\r\nok\r\n0\r\nx-long: `, long], 'truncated', '256 KiB'],
    ['trailers without end', [`${chunked}2\r\nok\r\n0\r\n`, 'x-more: x\r\n'.repeat(1000)], 'truncated', '256 KiB'],
  ] as const)('%s', async (_, answer, failure, words) => {
    const error = await flooded(answer, failure === 'timeout' ? { [words]: 1 } : {});
    expect(error).toMatchObject({ failure });
    expect(error.message).toContain(words);
  });
});

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.set([type, flags], 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Not to be kept in tables (RFC 7541 §6.2.2). Name and value have less than 127 bytes. */
function header(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

const [Headers, Settings, Continuation] = [1, 4, 9];
const [NoFlags, EndHeaders] = [0, 4];
const settings = frame(Settings, NoFlags, 0);
const many = Buffer.concat(Array.from({ length: 100 }, (_, n) => header(`x-more-${n}`, 'x'.repeat(100))));
const begun = Buffer.concat([settings, frame(Headers, NoFlags, 1, header(':status', '200'))]);

describe('over HTTP/2, an answer fails with', () => {
  test.concurrent.each([
    ['headers without end', [begun, frame(Continuation, NoFlags, 1, many)]],
    ['headers without end, each of which is empty', [begun, frame(Continuation, NoFlags, 1)]],
    ['interim answers without end', [settings, frame(Headers, EndHeaders, 1, header(':status', '103'))]],
    [
      'a frame that is larger than any may be',
      [Buffer.concat([settings, frame(Headers, EndHeaders, 1, Buffer.alloc(20_000))]), ''],
    ],
    ['what is not HTTP/2', ['HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(1000)]],
  ] as const)('%s', async (_, answer) => {
    await flooded(answer, { tls: http2Tls }, { longRunning: true });
  });
});
