import { abortable, type Clock, onAbort, realClock } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';
import { isLostConnectionError } from './lost-connection-error.js';
import type { PodDialerOptions } from './pod-dialer-options.js';
import type { PortConnection, PortSink } from './port-connection.js';
import { isPortForwardError, PortForwardError } from './port-forward-error.js';
import { Tunnel } from './tunnel.js';

/** Enough that several connections which stand still leave others alone, and no burden for a kubelet. */
const DefaultMaxTunnels = 8;

/**
 * How long a server may take over a connection. The first tunnel may be dead without anybody knowing, or stand still: another one
 * is tried soon. The second limit is client-go's.
 */
const ReplyTimeoutsMs: readonly number[] = [5_000, 30_000];

const DefaultMaxBufferedBytes = 1024 * 1024;

export interface TunnelPoolUse {
  /** Whether one tunnel that nobody needs is kept for the next connection. Default: true. */
  readonly keepsOne?: boolean | undefined;
  /** Told of each tunnel that is gone without our doing. */
  readonly onLost?: ((reason: unknown) => void) | undefined;
}

/** Opens tunnels to a Pod as connections need them. */
export class TunnelPool implements AsyncDisposable {
  /** Of each connection; its sink sees to it. */
  readonly maxBufferedBytes: number;
  readonly #config: Config;
  readonly #options: PodDialerOptions;
  readonly #clock: Clock;
  readonly #maxTunnels: number;
  readonly #tunnels = new Set<Tunnel>();
  readonly #use: TunnelPoolUse;
  readonly #ended = new AbortController();
  readonly #unlink: (() => void) | undefined;
  #opening: Promise<Tunnel> | undefined;

  /** @throws TypeError for a limit that is none. */
  constructor(config: Config, options: PodDialerOptions, use: TunnelPoolUse = {}) {
    const { maxBufferedBytes = DefaultMaxBufferedBytes, maxTunnels = DefaultMaxTunnels } = options;
    const { clock = realClock, signal } = options;
    if (!(maxBufferedBytes >= 1)) throw new TypeError(`maxBufferedBytes: expected 1 or more, got ${maxBufferedBytes}`);
    if (!(maxTunnels >= 1)) throw new TypeError(`maxTunnels: expected 1 or more, got ${maxTunnels}`);
    this.maxBufferedBytes = maxBufferedBytes;
    this.#config = config;
    this.#options = options;
    this.#clock = clock;
    this.#maxTunnels = maxTunnels;
    this.#use = use;
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
    if (isLostConnectionError(reason)) this.#use.onLost?.(reason);
    await tunnel[Symbol.asyncDispose]();
    this.#tunnels.delete(tunnel);
  }

  #onIdle(tunnel: Tunnel): void {
    const { keepsOne = true } = this.#use;
    const isNeeded =
      keepsOne && tunnel.isUsable && ![...this.#tunnels].some((other) => other !== tunnel && other.isUsable);
    if (isNeeded || this.#ended.signal.aborted) return;
    void tunnel[Symbol.asyncDispose]();
  }
}

/** @throws TypeError */
function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw new TypeError(`port: expected an integer from 1 to 65535, got ${String(port)}`);
}
