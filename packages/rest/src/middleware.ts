import type { TransportRequest, TransportResponse } from './transport-request.js';

/** Sends a request on its way. */
export type Transmit = (request: TransportRequest) => Promise<TransportResponse>;

/**
 * Stands between a client and its transport. It sees every attempt as it goes out, credentials included, and its answer
 * as it comes in; it may change both, send nothing, or send more than once. Handshakes of WebSockets pass as GETs, whose
 * answers must be handed on as they are.
 *
 * ```ts
 * const traced: Middleware = (request, next) => next({ ...request, headers: { ...request.headers, traceparent } });
 * ```
 *
 * A body can be read once: who reads it must give another one. Whatever is thrown reaches the caller; a `TransportError`
 * may be retried.
 */
export type Middleware = (request: TransportRequest, next: Transmit) => Promise<TransportResponse>;

/** One after the other, the first outermost. */
export function layered(middleware: readonly Middleware[], inner: Transmit): Transmit {
  return middleware.reduceRight<Transmit>((next, layer) => (request) => layer(request, next), inner);
}
