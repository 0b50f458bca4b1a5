import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Acknowledgements } from './acknowledgements.js';
import type { Connector } from './connector.js';
import { TransportEvents } from './transport-events.js';
import { WebSocketExchange } from './web-socket-exchange.js';

test('a peer that does not answer the farewell is not waited for', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  // It reads nothing, so it never learns that the client is leaving.
  server.on('connection', (socket) => socket.pause());
  const { port } = server.address() as AddressInfo;
  const connection = connect(port, '127.0.0.1');
  await once(connection, 'connect');
  const exchange = new WebSocketExchange(
    { url: new URL(`http://127.0.0.1:${port}`), headers: {}, protocols: ['one'] },
    {
      peer: 'peer',
      events: new TransportEvents(new Set()),
      clock: new FakeClock(),
      onOver: () => {},
      acknowledgements: new Acknowledgements({ clock: new FakeClock() }),
      connector: { connect: async () => connection } as unknown as Connector,
      endpoint: { secure: false, hostname: '127.0.0.1', port, peer: 'peer' },
      headersTimeoutMs: 0,
      closeTimeoutMs: 1,
    },
  );
  const { webSocket } = await exchange.open();
  await webSocket?.close();
  expect(await webSocket?.closed).toEqual({ code: 1006, reason: '' });
  for (const socket of server.clients) socket.terminate();
  server.close();
});
