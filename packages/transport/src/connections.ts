import type { Socket } from 'node:net';
import type { TransportObserver } from '@client-ts/rest';
import type { buildConnector, Dispatcher } from 'undici/index.js';
import { ConnectionPool } from './connection-pool.js';
import { Connector, type Endpoint } from './connector.js';
import type { Exchange } from './exchange.js';
import { proxyOf } from './proxy.js';
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
  readonly #requests = new Map<string, ConnectionPool>();
  readonly #streams = new Map<string, ConnectionPool>();

  /** @throws TypeError when the TLS material cannot be used, or the proxy is of an unknown kind. */
  constructor(options: CompleteOptions) {
    const proxy = options.proxyUrl === undefined ? undefined : proxyOf(options.proxyUrl);
    this.#options = options;
    this.#proxyHost = proxy?.host;
    this.events = new TransportEvents(this.observers);
    this.identity = new TlsIdentity(options.tls, this.events, () => this.retire());
    this.connector = new Connector({ ...options, proxy, identity: this.identity, events: this.events });
  }

  run(exchange: Exchange, url: URL, options: Omit<Dispatcher.DispatchOptions, 'origin' | 'path'>): void {
    const { origin, pathname, search } = url;
    this.#poolOf(url, exchange.longRunning).run(exchange, { ...options, origin, path: pathname + search });
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

  #pools(): ConnectionPool[] {
    return [...this.#requests.values(), ...this.#streams.values()];
  }

  #poolOf(url: URL, longRunning: boolean): ConnectionPool {
    const pools = longRunning ? this.#streams : this.#requests;
    let pool = pools.get(url.origin);
    if (!pool) {
      const endpoint = this.endpoint(url);
      const { maxConnections, keepAliveMs } = this.#options;
      pool = new ConnectionPool({
        origin: url.origin,
        maxConnections: longRunning ? Number.POSITIVE_INFINITY : maxConnections,
        keepAliveMs,
        connect: (_, callback) => void this.#connect(endpoint, callback),
      });
      pools.set(url.origin, pool);
    }
    return pool;
  }

  async #connect(endpoint: Endpoint, callback: buildConnector.Callback): Promise<void> {
    let socket: Socket;
    try {
      socket = await this.connector.connect(endpoint, ['http/1.1']);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    callback(null, socket);
  }
}
