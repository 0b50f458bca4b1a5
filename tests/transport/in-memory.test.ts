import { ApiServer } from '@client-ts/apiserver';
import type { MakeTransport, StartPeer } from './case.js';
import { connections } from './cases/connections.js';
import { failures } from './cases/failures.js';
import { gzip } from './cases/gzip.js';
import { tls } from './cases/tls.js';
import { webSockets } from './cases/web-sockets.js';
import { MemoryPeer } from './memory-peer.js';
import { transportCases } from './transport-cases.js';

/** All transports of a server are one. */
function inMemory(): { make: MakeTransport; start: StartPeer } {
  const server = new ApiServer();
  return { make: () => server.transport, start: async (answer) => new MemoryPeer(server, answer) };
}

const skipped = (topic: object, reason: string): Record<string, string> =>
  Object.fromEntries(Object.keys(topic).map((title) => [title, reason]));

transportCases('in memory', inMemory, {
  ...skipped(connections, 'there are no connections'),
  ...skipped(failures, 'there is no network that could fail'),
  ...skipped(tls, 'there is no TLS'),
  ...skipped(gzip, 'the server in memory compresses nothing'),
  ...skipped(webSockets, 'the server in memory speaks no WebSocket'),
  'a redirect is an answer like others: nobody else gets the credentials': 'a transport knows one server',
  'leaving while the next part is waited for ends the wait, and closes the connection':
    'a body is what the server gives, who hears of the signal alone',
  'an abort before there is a connection rejects with its reason': 'there are no connections',
});
