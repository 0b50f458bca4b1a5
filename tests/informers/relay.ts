import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The way to a server, which can break as networks do. Knows nothing of what it carries, TLS included. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #down = false;

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      if (this.#down) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(Number(target.port), target.hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('data', (bytes) => other.write(bytes));
        socket.on('end', () => other.end());
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  static async to(url: string): Promise<Relay> {
    const relay = new Relay(new URL(url));
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** Where the server is to be found behind this. */
  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on nothing gets through the connections that are open, which stay so. New ones work. Returns how many. */
  fallSilent(): number {
    for (const socket of this.#sockets) {
      socket.removeAllListeners('data');
      socket.removeAllListeners('end');
      // What comes is taken, as by a network that loses it.
      socket.resume();
    }
    return this.#sockets.size / 2;
  }

  /** Breaks the connections that are open. */
  breakAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks all connections; new ones break at once until it is up again. */
  goDown(): void {
    this.#down = true;
    this.breakAll();
  }

  goUp(): void {
    this.#down = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.goDown();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
