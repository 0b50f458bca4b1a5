import type { TunnelOptions } from './tunnel.js';

/** To which Pod, and how. */
export interface PodDialerOptions extends TunnelOptions {
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
  /** Ends everything at any time; what is pending rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}
