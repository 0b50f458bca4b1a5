import type { TransportObserver } from '@client-ts/rest';
import { ConnectionPool } from './connection-pool.js';
import { Connector, type Endpoint } from './connector.js';
import type { Exchange } from './exchange.js';
import type { ExchangePool, OutgoingRequest } from './exchange-pool.js';
import { proxyOf } from './proxy.js';
import { StreamPool } from './stream-pool.js';
import { TlsIdentity } from './tls-identity.js';
import { TransportEvents } from './transport-events.js';
import type { CompleteOptions } from './transport-options.js';

/**
 * All connections of one TLS identity and proxy. Requests and streams have pools of their own, because a watch holds its
 * connection for minutes: a few of them in a bounded pool would leave no place for anything else.
 */
export class Connections {
  readonly events: TransportEvents;
  readonly observers: Set<TransportObserver> = new Set();
  readonly identity: TlsIdentity;
  readonly connector: Connector;
  readonly #options: CompleteOptions;
  readonly #proxyHost: string | undefined;
  readonly #requests = new Map<string, ExchangePool>();
  readonly #streams = new Map<string, ExchangePool>();

  /** @throws TypeError when the TLS material cannot be used, or the proxy is of an unknown kind. */
  constructor(options: CompleteOptions) {
    const proxy = options.proxyUrl === undefined ? undefined : proxyOf(options.proxyUrl);
    this.#options = options;
    this.#proxyHost = proxy?.host;
    this.events = new TransportEvents(this.observers);
    this.identity = new TlsIdentity(options.tls, this.events, () => this.retire());
    this.connector = new Connector({ ...options, proxy, identity: this.identity, events: this.events });
  }

  run(exchange: Exchange, url: URL, request: Omit<OutgoingRequest, 'origin' | 'path'>): void {
    const { origin, pathname, search } = url;
    this.#poolOf(url, exchange.longRunning).run(exchange, { ...request, origin, path: pathname + search });
  }

  /** Who is called, for messages. */
  peer({ host }: URL): string {
    return this.#proxyHost === undefined ? host : `${host} (through the proxy ${this.#proxyHost})`;
  }

  endpoint(url: URL): Endpoint {
    const secure = url.protocol === 'https:';
    return {
      secure,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      peer: this.peer(url),
    };
  }

  /** Closes idle connections, and the others when their exchange has ended. */
  retire(): void {
    for (const pool of this.#pools()) pool.retire();
  }

  /** Breaks every connection; resolves when they are gone. */
  async destroy(): Promise<void> {
    for (const pool of this.#pools()) pool.destroy();
    await this.connector.destroy();
  }

  #pools(): ExchangePool[] {
    return [...this.#requests.values(), ...this.#streams.values()];
  }

  #poolOf(url: URL, longRunning: boolean): ExchangePool {
    const pools = longRunning ? this.#streams : this.#requests;
    const known = pools.get(url.origin);
    if (known) return known;
    const pool = this.#newPool(url, longRunning);
    pools.set(url.origin, pool);
    return pool;
  }

  #newPool(url: URL, longRunning: boolean): ExchangePool {
    const { origin } = url;
    const { connector } = this;
    const { http2, maxConnections, keepAliveMs } = this.#options;
    const endpoint = this.endpoint(url);
    if (longRunning && http2 && endpoint.secure) {
      return new StreamPool({ ...this.#options, origin, endpoint, connector });
    }
    return new ConnectionPool({
      origin,
      keepAliveMs,
      maxConnections: longRunning ? Number.POSITIVE_INFINITY : maxConnections,
      connect: () => connector.connect(endpoint, ['http/1.1']),
    });
  }
}
