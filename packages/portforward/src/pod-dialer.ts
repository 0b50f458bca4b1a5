import type { Clock } from '@client-ts/apimachinery';
import type { Config, WebSocketHeartbeat } from '@client-ts/rest';
import type { PortConnection } from './port-connection.js';
import { TunnelPool } from './tunnel-pool.js';
import { WebStreams } from './web-streams.js';

const MiB = 1024 * 1024;

/** To which Pod, and how. */
export interface PodDialerOptions {
  readonly namespace: string;
  readonly pod: string;
  /**
   * So many bytes of a connection are kept for a reader that is slower than the network; 64 more are counted for each piece. When that
   * is full, nothing more is taken from its tunnel, and its neighbours there wait too. Default: 1 MiB.
   */
  readonly maxBufferedBytes?: number | undefined;
  /**
   * A connection gets a tunnel of its own rather than one in which others do not get on, up to so many at a time; beyond that, the one
   * with the fewest connections. Default: 8.
   */
  readonly maxTunnels?: number | undefined;
  /** `false` for none. Default: a ping every 5 s, and 61 s of silence are a lost connection. */
  readonly heartbeat?: WebSocketHeartbeat | false | undefined;
  /** Default: the runtime's own. */
  readonly clock?: Clock | undefined;
  /** Ends everything at any time; what is pending rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection to a port of a Pod, as the program there sees one: each direction ends for itself.
 *
 * What the server has against it — nobody listens on the port, say — comes as an error of these streams, a `PortForwardError`
 * (`remote`), and of no other connection. A lost tunnel is a `LostConnectionError`. After the Pod has ended both directions, what is
 * written fails with a `PortForwardError` (`ended`).
 *
 * Aborting `writable`, and disposing before the end, break the connection off. Then the Pod sees an end, as servers have nothing else
 * to tell it.
 */
export interface PodConnection extends AsyncDisposable {
  /** Ends when the Pod sends no more. After `cancel()` nothing that comes is kept. */
  readonly readable: ReadableStream<Uint8Array>;
  /** A chunk has been taken when 256 KiB at most wait to be sent. Closing tells the Pod that it was all. */
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * Makes connections to the ports of a Pod, over tunnels that they share. A tunnel is opened for the first connection, and when one is
 * lost, for the next.
 *
 * In a tunnel there are no windows (SPDY/3.1, as Kubernetes has it): when one connection does not get on in one direction, neither do
 * those beside it, so a new one is given another tunnel.
 */
export class PodDialer implements AsyncDisposable {
  readonly #pool: TunnelPool;
  readonly #maxBufferedBytes: number;

  /** @throws TypeError for a limit that is none. */
  constructor(config: Config, options: PodDialerOptions) {
    const { maxBufferedBytes = MiB } = options;
    if (!(maxBufferedBytes >= 1)) throw new TypeError(`maxBufferedBytes: expected 1 or more, got ${maxBufferedBytes}`);
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#pool = new TunnelPool(config, options);
  }

  /**
   * Resolves when the server has taken the connection; whether somebody listens on the port shows later, by the streams.
   *
   * Rejects with a `StatusError` when the server refuses a tunnel, a `TransportError` when there is no answer, a
   * `LostConnectionError` or a `PortForwardError` (`timeout`) when two tunnels were tried in vain, a `TypeError` for a port that is none,
   * and `signal.reason`. The signal also ends the connection later.
   */
  async dial(port: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<PodConnection> {
    const streams = new WebStreams(this.#maxBufferedBytes);
    const connection: PortConnection = await this.#pool.connect(port, streams, options.signal);
    streams.attach(connection);
    const { readable, writable } = streams;
    return { readable, writable, [Symbol.asyncDispose]: async () => connection.dispose() };
  }

  /** Ends all connections with a `PortForwardError` (`disposed`), and resolves when the tunnels are gone. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}
