import type { Dispatcher } from 'undici/index.js';
import type { Exchange } from './exchange.js';

/** What is sent, whatever the protocol. */
export interface OutgoingRequest {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  /** A character for each byte. */
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Uint8Array | null;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** Connections to one origin. */
export interface ExchangePool {
  /** Carries an exchange out as soon as there is a connection for it. */
  run(exchange: Exchange, request: OutgoingRequest): void;
  /** Connections that are open now are not used for another exchange: idle ones are closed, others when they are done. */
  retire(): void;
  /** Whatever is open breaks. */
  destroy(): void;
}
