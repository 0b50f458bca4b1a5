import type { TransportObserver } from '@client-ts/rest';
import { Acknowledgements } from './acknowledgements.js';
import { ConnectionPool } from './connection-pool.js';
import { Connector, type Endpoint } from './connector.js';
import type { ExchangePool } from './exchange-pool.js';
import { proxyOf } from './proxy.js';
import { StreamPool } from './stream-pool.js';
import { TlsIdentity } from './tls-identity.js';
import { TransportEvents } from './transport-events.js';
import type { CompleteOptions } from './transport-options.js';

/** A server, and how it is reached. */
export interface Server {
  readonly origin: string;
  readonly endpoint: Endpoint;
  /** For short requests. */
  readonly requests: ExchangePool;
  /** For those that last. */
  readonly streams: ExchangePool;
}

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
  readonly acknowledgements: Acknowledgements;
  readonly #proxyHost: string | undefined;
  readonly #servers = new Map<string, Server>();

  /** @throws TypeError when the TLS material cannot be used, or the proxy is of an unknown kind. */
  constructor(options: CompleteOptions) {
    const proxy = options.proxyUrl === undefined ? undefined : proxyOf(options.proxyUrl);
    this.#options = options;
    this.acknowledgements = new Acknowledgements(options);
    this.#proxyHost = proxy?.host;
    this.events = new TransportEvents(this.observers);
    this.identity = new TlsIdentity(options.tls, this.events, () => this.retire());
    this.connector = new Connector({ ...options, proxy, identity: this.identity, events: this.events });
  }

  /** Everything about the server that a URL is of. */
  server(url: URL): Server {
    const known = this.#servers.get(url.origin);
    if (known) return known;
    const server = this.#newServer(url);
    this.#servers.set(url.origin, server);
    return server;
  }

  /** Closes idle connections, and the others when their exchange has ended. */
  retire(): void {
    for (const pool of this.#pools()) pool.retire();
  }

  /** Breaks every connection; resolves when they are gone. */
  async destroy(): Promise<void> {
    for (const pool of this.#pools()) pool.destroy();
    this.acknowledgements[Symbol.dispose]();
    await this.connector.destroy();
  }

  #pools(): ExchangePool[] {
    return [...this.#servers.values()].flatMap(({ requests, streams }) => [requests, streams]);
  }

  #newServer({ origin, protocol, host, hostname, port }: URL): Server {
    const { acknowledgements, connector } = this;
    const { http2, maxConnections, keepAliveMs } = this.#options;
    const secure = protocol === 'https:';
    const endpoint: Endpoint = {
      secure,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      peer: this.#proxyHost === undefined ? host : `${host} (through the proxy ${this.#proxyHost})`,
    };
    const pool = (maxConnections: number): ConnectionPool =>
      new ConnectionPool({
        origin,
        peer: endpoint.peer,
        acknowledgements,
        keepAliveMs,
        maxConnections,
        connect: () => connector.connect(endpoint, ['http/1.1']),
      });
    return {
      origin,
      endpoint,
      requests: pool(maxConnections),
      streams:
        secure && http2
          ? new StreamPool({ ...this.#options, origin, endpoint, connector, acknowledgements })
          : pool(Number.POSITIVE_INFINITY),
    };
  }
}
