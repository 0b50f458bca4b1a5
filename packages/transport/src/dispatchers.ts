import type { SecureContext } from 'node:tls';
import { Agent, type Dispatcher } from 'undici/index.js';
import { proxyOf, type Proxy } from './proxy.js';
import { secureContextOf } from './secure-context.js';
import type { TransportOptions } from './tls-identity.js';
import { type ConnectOptions, tunnelConnector } from './tunnel.js';

/**
 * Short requests share this many connections. Enough to keep a server busy, and few enough that a burst of calls opens no
 * burst of sockets.
 */
const MaxConnections = 32;

/** A new TLS connection costs some 3 ms of CPU: keep idle ones for longer than undici's 4 s. */
const KeepAliveMs = 45_000;

/** First TCP probe on a silent connection; with the kernel's ten probes a dead peer is noticed within half a minute. */
const TcpProbeDelayMs = 15_000;

/** As client-go's dialer. */
const ConnectTimeoutMs = 30_000;

/**
 * The sockets of one TLS identity. Requests and streams have pools of their own, because a watch holds its connection for
 * minutes: a few of them in a bounded pool would leave no place for anything else.
 */
export class Dispatchers {
  readonly #tls: TransportOptions['tls'];
  readonly #proxy: Proxy | undefined;
  readonly #secureContext: SecureContext | undefined;
  #requests: Dispatcher | undefined;
  #streams: Dispatcher | undefined;

  /** @throws TypeError when the TLS material cannot be used, or the proxy is of an unknown kind. */
  constructor({ tls, proxyUrl }: TransportOptions) {
    this.#tls = tls;
    this.#proxy = proxyUrl === undefined ? undefined : proxyOf(proxyUrl);
    this.#secureContext = secureContextOf(tls);
  }

  for(longRunning: boolean): Dispatcher {
    if (longRunning) return (this.#streams ??= this.#newDispatcher(null));
    return (this.#requests ??= this.#newDispatcher(MaxConnections));
  }

  /** Who is called, for messages. */
  peer(url: URL): string {
    return this.#proxy ? `${url.host} (through the proxy ${this.#proxy.host})` : url.host;
  }

  /** Breaks every connection. */
  async destroy(): Promise<void> {
    await Promise.all([this.#requests?.destroy(), this.#streams?.destroy()]);
  }

  #newDispatcher(connections: number | null): Dispatcher {
    const connect: ConnectOptions = {
      timeout: ConnectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: TcpProbeDelayMs,
      rejectUnauthorized: this.#tls?.insecure !== true,
      ...(this.#secureContext ? { secureContext: this.#secureContext } : {}),
      ...(this.#tls?.serverName === undefined ? {} : { servername: this.#tls.serverName }),
    };
    return new Agent({
      connections,
      connect: this.#proxy ? tunnelConnector(this.#proxy, connect) : connect,
      pipelining: 1,
      keepAliveTimeout: KeepAliveMs,
      // Time limits are the caller's: a watch may be silent for as long as nothing happens.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}
