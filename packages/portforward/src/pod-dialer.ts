import type { Config } from '@client-ts/rest';
import { connectStreams, type PodConnection } from './pod-connection.js';
import type { PodDialerOptions } from './pod-dialer-options.js';
import { TunnelPool } from './tunnel-pool.js';

/**
 * Makes connections to the ports of a Pod, over tunnels that they share. A tunnel is opened for the first connection, and when one is
 * lost, for the next.
 *
 * In a tunnel there are no windows (SPDY/3.1, as Kubernetes has it): when one connection does not get on in one direction, neither do
 * those beside it, so a new one is given another tunnel.
 */
export class PodDialer implements AsyncDisposable {
  readonly #pool: TunnelPool;

  /** @throws TypeError for a limit that is none. */
  constructor(config: Config, options: PodDialerOptions) {
    this.#pool = new TunnelPool(config, options);
  }

  /**
   * Resolves when the server has taken the connection; whether somebody listens on the port shows later, by the streams.
   *
   * Rejects with a `StatusError` when the server refuses a tunnel, a `TransportError` when there is no answer, a
   * `LostConnectionError` or a `PortForwardError` (`timeout`) when two tunnels were tried in vain, a `TypeError` for a port that is none,
   * and `signal.reason`. The signal also ends the connection later.
   */
  dial(port: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PodConnection> {
    return connectStreams(this.#pool, port, signal);
  }

  /** Ends all connections with a `PortForwardError` (`disposed`), and resolves when the tunnels are gone. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}
