import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PortForwardError } from '../port-forward-error.js';
import type { ForwardedPort } from '../port-forwarder.js';
import type { ListenAddress } from './parse-addresses.js';

/** A thousand that connect at once do not have to try again. The operating system has a limit of its own. */
const Backlog = 4096;

/** Sockets are paused, and may be half open. */
export type OnConnection = (socket: Socket, port: ForwardedPort) => void;

/** All the local ports of a forwarder. */
export class Listeners implements AsyncDisposable {
  /** Those that were asked for, with the local ones that the operating system chose. */
  readonly ports: readonly ForwardedPort[];
  readonly #servers: readonly Server[];

  private constructor(ports: readonly ForwardedPort[], servers: readonly Server[]) {
    this.ports = ports;
    this.#servers = servers;
  }

  /** Listens everywhere, or nowhere. Rejects with a PortForwardError (`listen`). */
  static async open(
    ports: readonly ForwardedPort[],
    addresses: readonly ListenAddress[],
    onConnection: OnConnection,
  ): Promise<Listeners> {
    const servers: Server[] = [];
    const opened: ForwardedPort[] = [];
    try {
      // One after the other: what is asked for as any port must not take one that is asked for by its number.
      const byNumber = [...ports.keys()].toSorted(
        (one, other) => Number(ports[one]?.local === 0) - Number(ports[other]?.local === 0),
      );
      for (const index of byNumber) {
        const port = ports[index] as ForwardedPort;
        opened[index] = await openPort(port, addresses, servers, onConnection);
      }
      return new Listeners(opened, servers);
    } catch (error) {
      await closeAll(servers);
      throw error;
    }
  }

  /** Resolves when the last of its sockets is closed, which is not its own doing. */
  [Symbol.asyncDispose](): Promise<void> {
    return closeAll(this.#servers);
  }
}

/** On all addresses with the same number, which the first one chooses if it is any. */
async function openPort(
  { local: wanted, remote }: ForwardedPort,
  addresses: readonly ListenAddress[],
  servers: Server[],
  onConnection: OnConnection,
): Promise<ForwardedPort> {
  let local = wanted;
  const failures: PortForwardError[] = [];
  const before = servers.length;
  for (const address of addresses) {
    try {
      const server = await listen(address, local, (socket) => onConnection(socket, { local, remote }));
      servers.push(server);
      local = (server.address() as AddressInfo).port;
    } catch (cause) {
      const where = address.family === 6 ? `[${address.address}]` : address.address;
      const error = new PortForwardError('listen', `cannot listen on ${where}:${local}: ${messageOf(cause)}`, {
        cause,
      });
      if (address.isRequired) throw error;
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (failure && servers.length === before) throw failure;
  return { local, remote };
}

async function listen(
  { address: host, family }: ListenAddress,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onConnection);
  server.listen({ host, port, ipv6Only: family === 6, exclusive: true, backlog: Backlog });
  await once(server, 'listening');
  return server;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}

function messageOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' ? 'the address is in use' : message;
}
