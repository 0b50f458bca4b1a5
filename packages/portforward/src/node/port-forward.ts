import type { Socket } from 'node:net';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { onAbort } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';
import { LostConnectionError } from '../lost-connection-error.js';
import type { PodDialerOptions } from '../pod-dialer-options.js';
import type { ForwardedPort, PortForwarder } from '../port-forwarder.js';
import { TunnelPool } from '../tunnel-pool.js';
import { Listeners } from './listeners.js';
import { parseAddresses } from './parse-addresses.js';
import { parsePorts } from './parse-ports.js';
import { SocketSink } from './socket-sink.js';

export interface PortForwardOptions extends PodDialerOptions {
  /** `"8080:80"`, `":80"` for any local port, or `"80"` for the same one. */
  readonly ports: readonly string[];
  /**
   * IP addresses to listen on, all of which must do, and `localhost`, which stands for 127.0.0.1 and ::1, of which one must do.
   * Default: `localhost`.
   */
  readonly addresses?: readonly string[] | undefined;
  /**
   * `false`: the first tunnel that is lost ends the forwarding, as it ends kubectl. Default: true: the next connection opens another
   * one, and only a Pod that is not there any more is an end.
   */
  readonly reconnect?: boolean | undefined;
  /**
   * Told why a connection failed: its local client sees nothing but a reset. What it throws is an uncaught exception. Default: nobody
   * is told.
   */
  readonly onConnectionError?: ((error: unknown, port: ForwardedPort) => void) | undefined;
}

/**
 * Listens on local addresses, and has a Pod's ports answer there, as `kubectl port-forward` does.
 *
 * Resolves when there is a tunnel and all listen. Rejects with a `TypeError` for ports and addresses that are none, a
 * `PortForwardError` (`listen`) for those that cannot be had, a `StatusError` when the server refuses, a `TransportError` when there
 * is no answer, and `signal.reason`.
 */
export async function portForward(config: Config, options: PortForwardOptions): Promise<PortForwarder> {
  const ports = parsePorts(options.ports);
  const addresses = parseAddresses(options.addresses ?? ['localhost']);
  options.signal?.throwIfAborted();
  const forwarding = new Forwarding(config, options);
  try {
    await forwarding.listen(ports, addresses);
    return forwarding;
  } catch (error) {
    await forwarding[Symbol.asyncDispose]();
    throw error;
  }
}

class Forwarding implements PortForwarder {
  readonly closed: Promise<void>;
  ports: readonly ForwardedPort[] = [];
  readonly #options: PortForwardOptions;
  readonly #pool: TunnelPool;
  readonly #unlink: (() => void) | undefined;
  #listeners: Listeners | undefined;
  #ending: Promise<void> | undefined;
  #settle!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };

  constructor(config: Config, options: PortForwardOptions) {
    const { signal, reconnect = true } = options;
    this.#options = options;
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.closed.catch(() => undefined);
    this.#pool = new TunnelPool(config, options, {
      onLost: (reason) => {
        if (!reconnect) void this.#end(reason);
      },
    });
    this.#unlink = signal && onAbort(signal, () => void this.#end());
  }

  async listen(ports: readonly ForwardedPort[], addresses: Parameters<typeof Listeners.open>[1]): Promise<void> {
    await this.#pool.ready();
    const listeners = await Listeners.open(ports, addresses, (socket, port) => void this.#connect(socket, port));
    this.#listeners = listeners;
    this.ports = listeners.ports;
    // What has ended in the meantime has not closed them.
    if (!this.#ending) return;
    await listeners[Symbol.asyncDispose]();
    this.#options.signal?.throwIfAborted();
    await this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }

  /** Never rejects. */
  async #connect(socket: Socket, port: ForwardedPort): Promise<void> {
    const { pod } = this.#options;
    const sink = new SocketSink(socket, this.#pool.maxBufferedBytes, (reason) => this.#report(reason, port));
    try {
      sink.attach(await this.#pool.connect(port.remote, sink));
    } catch (error) {
      sink.fail(error);
      if (!isNotFound(error)) return;
      void this.#end(new LostConnectionError(`pod ${JSON.stringify(pod)} is gone: ${error.message}`, { cause: error }));
    }
  }

  #report(reason: unknown, port: ForwardedPort): void {
    const { onConnectionError } = this.#options;
    if (this.#ending || !onConnectionError) return;
    // Its exceptions are its own.
    queueMicrotask(() => onConnectionError(reason, port));
  }

  #end(failure?: unknown): Promise<void> {
    this.#ending ??= this.#close(failure);
    return this.#ending;
  }

  async #close(failure: unknown): Promise<void> {
    this.#unlink?.();
    // Sockets are closed with their connections.
    await Promise.all([this.#listeners?.[Symbol.asyncDispose](), this.#pool[Symbol.asyncDispose]()]);
    if (failure === undefined) this.#settle.resolve();
    else this.#settle.reject(failure);
  }
}
