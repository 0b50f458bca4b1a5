import type { Config } from '@client-ts/rest';
import { connectStreams, type PodConnection } from './pod-connection.js';
import type { PodDialerOptions } from './pod-dialer-options.js';
import { TunnelPool } from './tunnel-pool.js';

export interface DialPortOptions extends Omit<PodDialerOptions, 'maxTunnels'> {
  readonly port: number;
}

/**
 * One connection to one port of a Pod, with a tunnel of its own: see {@link PodConnection}, and for many connections `PodDialer`. The
 * tunnel is closed when the connection is over; disposing resolves when it is gone.
 *
 * Resolves and rejects as `PodDialer.dial` does.
 */
export async function dialPort(config: Config, { port, signal, ...options }: DialPortOptions): Promise<PodConnection> {
  const pool = new TunnelPool(config, options, { keepsOne: false });
  const dispose = (): Promise<void> => pool[Symbol.asyncDispose]();
  try {
    const { readable, writable } = await connectStreams(pool, port, signal);
    return { readable, writable, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
