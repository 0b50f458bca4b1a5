import type { Socket } from 'node:net';
import type { Clock } from '@client-ts/apimachinery';
import type { Acknowledgements } from './acknowledgements.js';
import { connectError } from './connect-error.js';
import { ConnectionPool } from './connection-pool.js';
import type { Connector, Endpoint } from './connector.js';
import type { Exchange } from './exchange.js';
import type { ExchangePool, OutgoingRequest } from './exchange-pool.js';
import type { Http2Session } from './http2-session.js';
import { Line } from './line.js';

/** A request that the server has refused to look at is sent so often in all. */
const MaxAttempts = 3;

export interface StreamPoolSettings {
  readonly origin: string;
  readonly endpoint: Endpoint;
  readonly connector: Connector;
  readonly acknowledgements: Acknowledgements;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
}

interface Waiting {
  readonly exchange: Exchange;
  readonly request: OutgoingRequest;
  readonly attempt: number;
}

/**
 * Connections for exchanges that last: watches and followed logs. Many share one where the server speaks HTTP/2; otherwise
 * each has its own. There is no limit to them, or else some would wait for others that never end.
 */
export class StreamPool implements ExchangePool {
  readonly #settings: StreamPoolSettings;
  readonly #waiting = new Line<Waiting>();
  readonly #http1: ConnectionPool;
  /** Made to find out what the server speaks, and not used yet. */
  readonly #spare: Socket[] = [];
  #sessions: Http2Session[] = [];
  #connecting = false;
  #protocol: 'unknown' | 'h2' | 'http/1.1' = 'unknown';
  /** Connections of before are not for new exchanges. */
  #generation = 0;

  constructor(settings: StreamPoolSettings) {
    const { origin, endpoint, connector, acknowledgements, keepAliveMs } = settings;
    this.#settings = settings;
    this.#http1 = new ConnectionPool({
      origin,
      peer: endpoint.peer,
      acknowledgements,
      keepAliveMs,
      maxConnections: Number.POSITIVE_INFINITY,
      connect: async () => this.#takeSpare() ?? connector.connect(endpoint, ['http/1.1']),
    });
  }

  run(exchange: Exchange, request: OutgoingRequest): void {
    this.#enqueue({ exchange, request, attempt: 1 });
  }

  retire(): void {
    this.#generation++;
    this.#protocol = 'unknown';
    for (const session of this.#sessions) session.drain();
    for (const socket of this.#spare.splice(0)) socket.destroy();
    this.#http1.retire();
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
    this.#http1.destroy();
  }

  #enqueue(waiting: Waiting): void {
    waiting.exchange.onFreed = this.#waiting.join(waiting);
    this.#serve();
  }

  /** Hands whoever waits to a connection, and makes one if there is none with room. */
  #serve(): void {
    this.#sessions = this.#sessions.filter(({ isGone }) => !isGone);
    while (!this.#waiting.isEmpty) {
      const session = this.#sessions.find(({ hasRoom }) => hasRoom);
      if (!session && this.#protocol !== 'http/1.1') {
        void this.#connect();
        return;
      }
      const next = this.#waiting.next();
      if (next && session) this.#start(session, next);
      else if (next) this.#http1.run(next.exchange, next.request);
    }
  }

  #start(session: Http2Session, { exchange, request, attempt }: Waiting): void {
    const again = (): void => this.#enqueue({ exchange, request, attempt: attempt + 1 });
    session.run(exchange, request, attempt < MaxAttempts ? again : undefined);
  }

  /** One at a time: it may have room for all who wait. */
  async #connect(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    const { connector, endpoint } = this.#settings;
    const generation = this.#generation;
    try {
      const socket = await connector.connect(endpoint, ['h2', 'http/1.1']);
      if (generation !== this.#generation) socket.destroy();
      else if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') await this.#open(socket);
      else {
        this.#protocol = 'http/1.1';
        this.#spare.push(socket);
      }
    } catch (error) {
      for (let next = this.#waiting.next(); next; next = this.#waiting.next()) {
        next.exchange.onResponseError(undefined, error as Error);
      }
    } finally {
      this.#connecting = false;
    }
    this.#serve();
  }

  async #open(socket: Socket): Promise<void> {
    // Loaded by those alone who meet it.
    this.#protocol = 'h2';
    const { Http2Session } = await import('./http2-session.js');
    const { peer } = this.#settings.endpoint;
    if (socket.destroyed) throw connectError(socket.errored ?? new Error('the connection was closed'), peer);
    const session = new Http2Session(socket, {
      ...this.#settings,
      peer,
      onChange: () => this.#serve(),
    });
    this.#sessions.push(session);
    await session.opened;
    // Or else whoever waits would have one connection after the other made.
    if (!session.hasRoom && !session.isUsed) throw connectError(new Error('the server takes no requests'), peer);
  }

  #takeSpare(): Socket | undefined {
    const socket = this.#spare.pop();
    return socket?.destroyed ? undefined : socket;
  }
}
