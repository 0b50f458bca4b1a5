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
    }
  /** From now on JSON is used in the place of `config.codecs`; the request is sent again if need be. */
  | {
      readonly type: 'fellBackToJson';
      readonly request: ObservedRequest;
      /**
       * An `UnknownFieldsError`: for this kind, because a codec does not know all of its fields. A `StatusError` with 406 or
       * 415: for reading or writing this group version, because the server refuses what the codec stands for.
       */
      readonly error: Error;
    };

/**
 * Receives a client's events before anything else goes on: it must be quick. What it throws is reported as an uncaught exception
 * would be, and does not reach the request.
 */
export type RequestObserver = (event: RequestEvent) => void;
