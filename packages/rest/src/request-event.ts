import type { Request } from './request.js';

/** Which request it is about: enough for the labels of a metric, and without anything that may be secret. */
export type ObservedRequest = Pick<Request, 'method' | 'target'>;

/**
 * What a client tells those who measure or look for faults. Attempts, their answers and how long they took are seen by
 * middleware; connections by the observers of transports.
 *
 * Further types may be added in minor versions: ignore what is not known.
 */
export type RequestEvent =
  /** The limiter let a request through. */
  | { readonly type: 'throttled'; readonly request: ObservedRequest; readonly waitedMs: number }
  /** The request will be sent again. */
  | {
      readonly type: 'retrying';
      readonly request: ObservedRequest;
      /** 1 for the first. */
      readonly retry: number;
      readonly delayMs: number;
      /** Why: a `StatusError` or a `TransportError`. */
      readonly error: unknown;
    };

/** Receives a client's events before anything else goes on: it must be quick, and what it throws fails the request. */
export type RequestObserver = (event: RequestEvent) => void;
