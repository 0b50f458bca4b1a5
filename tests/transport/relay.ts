import { connect, type Socket } from 'node:net';
import { RawPeer } from './raw-peer.js';

/** A wire on loopback that leads to a port, until it is cut through: nothing comes any more then, and nobody is told. */
export class Relay implements AsyncDisposable {
  readonly #peer: RawPeer;
  readonly #targets: Set<Socket>;

  private constructor(peer: RawPeer, targets: Set<Socket>) {
    this.#peer = peer;
    this.#targets = targets;
  }

  static async start(targetPort: number): Promise<Relay> {
    const targets = new Set<Socket>();
    const peer = await RawPeer.start((socket) => {
      const target = connect(targetPort, '127.0.0.1');
      targets.add(target);
      target.on('error', () => {});
      socket.pipe(target).pipe(socket);
    });
    return new Relay(peer, targets);
  }

  get host(): string {
    return this.#peer.host;
  }

  cut(): void {
    for (const socket of [...this.#peer.connections, ...this.#targets]) socket.unpipe().pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const target of this.#targets) target.destroy();
    await this.#peer[Symbol.asyncDispose]();
  }
}
