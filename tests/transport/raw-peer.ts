import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server on loopback that answers with bytes, for what no HTTP server would send. */
export class RawPeer implements AsyncDisposable {
  /** Connections accepted so far. */
  readonly connections: Socket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param serve - called with each connection; what the client sends is not read before. */
  static async start(serve: (socket: Socket) => unknown): Promise<RawPeer> {
    const server = createServer();
    const peer = new RawPeer(server);
    server.on('connection', (socket) => {
      peer.connections.push(socket);
      socket.on('error', () => {});
      void serve(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/', protocol: 'http' | 'https' = 'http'): URL {
    return new URL(path, `${protocol}://${this.host}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
