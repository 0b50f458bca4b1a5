import type { Socket } from 'node:net';
import type { PortConnection, PortSink } from '../port-connection.js';

/** What comes from a port goes to a local socket, and what comes from there to the port: in both directions until its own end. */
export class SocketSink implements PortSink {
  readonly #socket: Socket;
  readonly #maxBufferedBytes: number;
  readonly #onFailure: (reason: unknown) => void;
  #hasEnded = false;
  #hasStopped = false;

  /**
   * @param socket - paused, and one that may be half open.
   * @param onFailure - told why the connection broke off, unless it was the socket.
   */
  constructor(socket: Socket, maxBufferedBytes: number, onFailure: (reason: unknown) => void) {
    this.#socket = socket;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#onFailure = onFailure;
    // It is closed then, which is what counts.
    socket.on('error', () => {});
  }

  /** Begins to read the socket. */
  attach(connection: PortConnection): void {
    const socket = this.#socket;
    socket.on('data', (bytes: Buffer) => {
      if (this.#hasStopped) return;
      const room = connection.write(bytes);
      if (!room) return;
      socket.pause();
      // It is destroyed when there will be none.
      const resume = (): Socket => socket.resume();
      room.then(resume, resume);
    });
    socket.on('end', () => {
      connection.end().catch(() => undefined);
    });
    socket.on('drain', () => connection.resume());
    socket.on('close', () => connection.dispose());
    if (socket.destroyed) connection.dispose();
    else socket.resume();
  }

  data(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    // What comes in one turn of the event loop is written by one call: that is a tenth faster.
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    socket.write(bytes);
    return !socket.writableNeedDrain || socket.writableLength <= this.#maxBufferedBytes;
  }

  end(): void {
    this.#hasEnded = true;
    if (this.#hasStopped) this.#socket.destroySoon();
    else this.#socket.end();
  }

  stop(): void {
    this.#hasStopped = true;
    if (this.#hasEnded) this.#socket.destroySoon();
  }

  fail(reason: unknown): void {
    this.#hasStopped = true;
    if (this.#socket.destroyed) return;
    // A local client must not take what came for all.
    this.#socket.resetAndDestroy();
    this.#onFailure(reason);
  }
}
