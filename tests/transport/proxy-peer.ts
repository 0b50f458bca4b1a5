import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { PeerTls } from './peer.js';

export interface ProxyPeer extends AsyncDisposable {
  readonly port: number;
  /** Where clients wanted to go, as they said it: `host:port`. */
  readonly asked: readonly string[];
  /** What clients said of themselves, `user:password`; `undefined` when nothing. */
  readonly credentials: readonly (string | undefined)[];
}

interface ProxyOptions {
  /** On loopback: every tunnel leads there, wherever it was to lead. Default: to the port of loopback that was asked for. */
  readonly targetPort?: number;
  /** Decides over each tunnel, by its number from 0. Default: all are opened. */
  readonly refuse?: (number: number) => boolean;
  /** Waited for before the answer. */
  readonly delay?: () => Promise<void>;
  /** Where it listens. Default: 127.0.0.1. */
  readonly address?: string;
}

/** An HTTP proxy on loopback, with TLS or without, that opens tunnels to one port. */
export async function startHttpProxy(options: ProxyOptions, tls?: PeerTls): Promise<ProxyPeer> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  const log = new Log(options);
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const [, encoded] = (request.headers['proxy-authorization'] ?? '').split(' ');
    const credentials = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
    if (log.refuses(request.url ?? '', credentials)) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const open = (): void => {
      const target = log.open(client, () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
      target.write(head);
    };
    if (options.delay) void options.delay().then(open);
    else open();
  });
  return started(server, log, options);
}

/** A SOCKS5 proxy on loopback that asks for user and password when it is offered them. */
export async function startSocks5Proxy(options: ProxyOptions): Promise<ProxyPeer> {
  const server = createServer();
  const log = new Log(options);
  server.on('connection', (client) => void serveSocks5(client, log).catch(() => client.destroy()));
  return started(server, log, options);
}

async function serveSocks5(client: Socket, log: Log): Promise<void> {
  client.on('error', () => {});
  // The client waits for each answer, so there is never more than what is being read.
  let buffered = Buffer.alloc(0);
  const read = async (length: number): Promise<Buffer> => {
    while (buffered.length < length) {
      const bytes = client.read() as Buffer | null;
      if (bytes) buffered = Buffer.concat([buffered, bytes]);
      else await once(client, 'readable');
    }
    const taken = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return taken;
  };
  const [, count = 0] = await read(2);
  const withPassword = (await read(count)).includes(2);
  client.write(Buffer.from([5, withPassword ? 2 : 0]));
  let credentials: string | undefined;
  if (withPassword) {
    const user = await read((await read(2))[1] ?? 0);
    credentials = `${user.toString()}:${(await read((await read(1))[0] ?? 0)).toString()}`;
    client.write(Buffer.from([1, 0]));
  }
  const [, , , type = 0] = await read(4);
  const host = await read(type === 1 ? 4 : type === 4 ? 16 : ((await read(1))[0] ?? 0));
  const name = type === 3 ? host.toString() : type === 1 ? host.join('.') : host.toString('hex');
  const port = (await read(2)).readUInt16BE();
  if (log.refuses(`${name}:${port}`, credentials)) {
    client.end(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
    return;
  }
  log.open(client, () => client.write(Buffer.from([5, 0, 0, 3, 4, 104, 111, 115, 116, 0, 80])));
}

/** What a proxy was asked for, and what it has opened. */
class Log {
  readonly asked: string[] = [];
  readonly credentials: (string | undefined)[] = [];
  readonly sockets = new Set<Socket>();
  readonly #options: ProxyOptions;

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  /** Where the tunnel that was asked for last leads. */
  get #targetPort(): number {
    return this.#options.targetPort ?? Number(/\d+$/.exec(this.asked.at(-1) ?? ''));
  }

  refuses(where: string, credentials: string | undefined): boolean {
    this.credentials.push(credentials);
    const number = this.asked.push(where) - 1;
    return this.#options.refuse?.(number) ?? false;
  }

  open(client: Socket, opened: () => void): Socket {
    const target = connect(this.#targetPort, '127.0.0.1', () => {
      opened();
      client.pipe(target).pipe(client);
    });
    for (const socket of [client, target]) {
      this.sockets.add(socket);
      // Either end may go first; the other then has nobody to talk to.
      socket.on('error', () => {});
      socket.on('close', () => [client, target].forEach((end) => end.destroy()));
    }
    return target;
  }
}

async function started(server: Server, log: Log, { address = '127.0.0.1' }: ProxyOptions): Promise<ProxyPeer> {
  server.on('connection', (socket: Socket) => log.sockets.add(socket));
  server.listen(0, address);
  await once(server, 'listening');
  const { asked, credentials } = log;
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    credentials,
    async [Symbol.asyncDispose]() {
      for (const socket of log.sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
