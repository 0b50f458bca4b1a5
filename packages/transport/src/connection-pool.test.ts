import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { realClock } from '@client-ts/apimachinery';
import { readText } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { Acknowledgements } from './acknowledgements.js';
import { ConnectionPool } from './connection-pool.js';
import { Exchange } from './exchange.js';
import { TransportEvents } from './transport-events.js';
import { loadUndici } from './undici-client.js';

test.each([
  // The kernel's probes were not answered: idle connections are not tried one after the other.
  ['ETIMEDOUT', true],
  ['ECONNRESET', false],
])('when a connection ends by %s, it is %s that idle ones go, too; busy ones stay', async (code, idleGo) => {
  await loadUndici();
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/held') held.push(() => response.end('held'));
    else response.end('short');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const sockets: Socket[] = [];
  const pool = new ConnectionPool({
    origin,
    peer: `127.0.0.1:${port}`,
    acknowledgements: new Acknowledgements({ clock: realClock }),
    maxConnections: 8,
    keepAliveMs: 60_000,
    connect: async () => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
  });
  const send = async (path: string): Promise<string> => {
    const exchange = new Exchange(
      { method: 'GET', url: new URL(path, origin), headers: {} },
      { peer: origin, events: new TransportEvents(new Set()), clock: realClock, onOver: () => {} },
    );
    const request = {
      origin,
      path,
      method: 'GET',
      headers: {},
      body: null,
      headersTimeout: 0,
      bodyTimeout: 0,
    } as const;
    pool.run(exchange, request);
    return readText((await exchange.response).body);
  };
  const busy = send('/held');
  const breaking = send('/held').catch((error: unknown) => error);
  await Promise.all([send('/'), send('/')]);
  const [, broken, ...idle] = sockets;
  expect(idle).toHaveLength(2);
  const error = Object.assign(new Error('it broke'), { code });
  await new Promise((resolve) => broken?.once('close', resolve).destroy(error));
  expect(await breaking).toMatchObject({ failure: 'reset' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(idle.map(({ destroyed }) => destroyed)).toEqual([idleGo, idleGo]);
  for (const release of held) release();
  expect(await busy).toBe('held');
  pool.destroy();
  server.close();
  await once(server, 'close');
});
