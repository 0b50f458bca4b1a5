import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { newTransport } from './new-transport.js';

/** RFC 6455 §1.3. */
const Guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const Tunnel = 'SPDY/3.1+portforward.k8s.io';

test.each([
  ['a name with a slash', [Tunnel], Tunnel],
  ['one that would be its token', [Tunnel, Tunnel.replace('/', '|')], Tunnel.replace('/', '|')],
  ['the other of the two', [Tunnel, Tunnel.replace('/', '|')], Tunnel],
  ['a token', ['v5.channel.k8s.io', Tunnel], 'v5.channel.k8s.io'],
])('asks for what it is told to, and knows the answer: %s', async (_, protocols, chosen) => {
  const server = createServer();
  const asked: (string | undefined)[] = [];
  server.on('upgrade', ({ headers }, socket) => {
    asked.push(headers['sec-websocket-protocol']);
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${Guid}`).digest('base64');
    const lines = ['HTTP/1.1 101 Yes', 'upgrade: websocket', 'connection: upgrade', `sec-websocket-accept: ${accept}`];
    socket.end([...lines, `sec-websocket-protocol: ${chosen}`, '', ''].join('\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using transport = newTransport();
  const url = new URL(`http://127.0.0.1:${port}`);
  const { webSocket, headers } = await transport.openWebSocket({ url, headers: {}, protocols });
  expect([asked, webSocket?.protocol, headers['sec-websocket-protocol']]).toEqual([
    [protocols.join(',')],
    chosen,
    chosen,
  ]);
  await webSocket?.closed;
  server.close();
});
