import { abortable, type Clock, onAbort, realClock } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';
import { isLostConnectionError } from './lost-connection-error.js';
import type { PortConnection, PortSink } from './port-connection.js';
import { isPortForwardError, PortForwardError } from './port-forward-error.js';
import { Tunnel, type TunnelOptions } from './tunnel.js';

/** Enough that several connections which stand still leave others alone, and no burden for a kubelet. */
const DefaultMaxTunnels = 8;

/**
 * How long a server may take over a connection. The first tunnel may be dead without anybody knowing, or stand still: another one
 * is tried soon. The second limit is client-go's.
 */
const ReplyTimeoutsMs: readonly number[] = [5_000, 30_000];

export interface TunnelPoolOptions extends TunnelOptions {
  /**
   * A connection gets a tunnel of its own rather than one in which others do not get on, up to so many at a time; beyond that, the one
   * with the fewest connections. Default: 8.
   */
  readonly maxTunnels?: number | undefined;
  /** Ends everything at any time; what is pending rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Opens tunnels to a Pod as connections need them, and keeps one. */
export class TunnelPool implements AsyncDisposable {
  readonly #config: Config;
  readonly #options: TunnelPoolOptions;
  readonly #clock: Clock;
  readonly #maxTunnels: number;
  readonly #tunnels = new Set<Tunnel>();
  readonly #onLost: (reason: unknown) => void;
  readonly #ended = new AbortController();
  readonly #unlink: (() => void) | undefined;
  #opening: Promise<Tunnel> | undefined;

  /**
   * @param onLost - told of each tunnel that is gone without our doing.
   * @throws TypeError for a limit that is none.
   */
  constructor(config: Config, options: TunnelPoolOptions, onLost: (reason: unknown) => void = () => {}) {
    const { maxTunnels = DefaultMaxTunnels, clock = realClock, signal } = options;
    if (!(maxTunnels >= 1)) throw new TypeError(`maxTunnels: expected 1 or more, got ${maxTunnels}`);
    this.#config = config;
    this.#options = options;
    this.#clock = clock;
    this.#maxTunnels = maxTunnels;
    this.#onLost = onLost;
    this.#unlink = signal && onAbort(signal, () => this.#end(signal.reason));
    if (signal?.aborted) this.#end(signal.reason);
  }

  /** Resolves when there is a tunnel. Rejects as {@link connect} does. */
  async ready(signal?: AbortSignal): Promise<void> {
    await abortable(this.#tunnel(), signal);
  }

  /**
   * Resolves when the server has taken the connection. Until then no byte was sent, so a second tunnel is tried when the first one is
   * lost or silent.
   */
  async connect(port: number, sink: PortSink, signal?: AbortSignal): Promise<PortConnection> {
    checkPort(port);
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const tunnel = await abortable(this.#tunnel(attempt > 0), signal);
      try {
        const connection = tunnel.connect(port, sink, signal);
        await this.#opened(connection, port, ReplyTimeoutsMs[attempt] ?? Infinity);
        return connection;
      } catch (error) {
        const isLost = isLostConnectionError(error) || (isPortForwardError(error) && error.failure === 'timeout');
        if (!isLost || attempt + 1 >= ReplyTimeoutsMs.length) throw error;
      }
    }
  }

  /** Ends all connections, and resolves when all tunnels are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    const tunnels = [...this.#tunnels];
    const disposed = Promise.all(tunnels.map((tunnel) => tunnel[Symbol.asyncDispose]()));
    this.#end(new PortForwardError('disposed', `pod ${JSON.stringify(this.#options.pod)}: it was disposed of`));
    await Promise.all([disposed, this.#opening?.catch(() => undefined)]);
  }

  #end(reason: unknown): void {
    this.#unlink?.();
    this.#ended.abort(reason);
    for (const tunnel of this.#tunnels) tunnel.cut(reason);
  }

  async #opened(connection: PortConnection, port: number, timeoutMs: number): Promise<void> {
    const timer = this.#clock.setTimeout(() => {
      const why = `no answer within ${timeoutMs} ms`;
      connection.reset(
        new PortForwardError('timeout', `pod ${JSON.stringify(this.#options.pod)}, port ${port}: ${why}`),
      );
    }, timeoutMs);
    try {
      await connection.opened;
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }

  /** @param other - one that nothing was tried on: connections there may have been lost, or taken too long. */
  async #tunnel(other = false): Promise<Tunnel> {
    this.#ended.signal.throwIfAborted();
    const usable = [...this.#tunnels].filter(({ isUsable }) => isUsable);
    const free = other ? undefined : usable.find(({ isBusy }) => !isBusy);
    if (free) return free;
    if (usable.length >= this.#maxTunnels)
      return usable.reduce((best, tunnel) => (tunnel.size < best.size ? tunnel : best));
    return await (this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    }));
  }

  async #open(): Promise<Tunnel> {
    const { signal } = this.#ended;
    const tunnel = await Tunnel.open(this.#config, this.#options, signal, (idle) => this.#onIdle(idle));
    if (signal.aborted) {
      tunnel.cut(signal.reason);
      throw signal.reason;
    }
    this.#tunnels.add(tunnel);
    void this.#follow(tunnel);
    return tunnel;
  }

  async #follow(tunnel: Tunnel): Promise<void> {
    const reason = await tunnel.lost;
    this.#tunnels.delete(tunnel);
    if (isLostConnectionError(reason)) this.#onLost(reason);
  }

  /** One tunnel is kept for the next connection. */
  #onIdle(tunnel: Tunnel): void {
    const isNeeded = tunnel.isUsable && ![...this.#tunnels].some((other) => other !== tunnel && other.isUsable);
    if (isNeeded || this.#ended.signal.aborted) return;
    this.#tunnels.delete(tunnel);
    void tunnel[Symbol.asyncDispose]();
  }
}

/** @throws TypeError */
function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw new TypeError(`port: expected an integer from 1 to 65535, got ${String(port)}`);
}
