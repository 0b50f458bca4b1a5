import type { Config } from '@client-ts/rest';
import { type PodConnection, PodDialer, type PodDialerOptions } from './pod-dialer.js';

export interface DialPortOptions extends Omit<PodDialerOptions, 'maxTunnels'> {
  readonly port: number;
}

/**
 * One connection to one port of a Pod, with a tunnel of its own, which disposing closes: see {@link PodConnection}, and for many
 * connections {@link PodDialer}.
 *
 * Resolves and rejects as {@link PodDialer.dial} does.
 */
export async function dialPort(config: Config, { port, ...options }: DialPortOptions): Promise<PodConnection> {
  const dialer = new PodDialer(config, options);
  try {
    const { readable, writable, ...connection } = await dialer.dial(port);
    const dispose = async (): Promise<void> => {
      await connection[Symbol.asyncDispose]();
      await dialer[Symbol.asyncDispose]();
    };
    return { readable, writable, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dialer[Symbol.asyncDispose]();
    throw error;
  }
}
