import type { TransportFailure } from './transport-error.js';

/**
 * What a transport with connections of its own tells those who measure or look for faults, right after it happened. Never
 * contains a credential.
 *
 * Further types may be added in minor versions: ignore what is not known.
 */
export type TransportEvent =
  /** A connection is ready for requests. */
  | {
      readonly type: 'connected';
      /** `host:port`, with the proxy if there is one. */
      readonly peer: string;
      readonly protocol: 'http/1.1' | 'h2' | 'websocket';
      /** Name lookup, connecting and handshakes, in milliseconds. */
      readonly durationMs: number;
    }
  | {
      readonly type: 'connectFailed';
      readonly peer: string;
      readonly failure: TransportFailure;
      readonly error: Error;
      readonly durationMs: number;
    }
  /** A connection is gone; `error` says why when it was not closed in good order. */
  | { readonly type: 'disconnected'; readonly peer: string; readonly error?: Error | undefined }
  /** Somebody asked for something; it may have to wait for a connection. */
  | { readonly type: 'requestStarted'; readonly request: RequestInfo }
  /** Status and headers are there. */
  | {
      readonly type: 'responseStarted';
      readonly request: RequestInfo;
      readonly status: number;
      /** Since `requestStarted`, in milliseconds. */
      readonly durationMs: number;
    }
  /** The whole answer has come, or nobody wanted the rest of it. */
  | {
      readonly type: 'requestEnded';
      readonly request: RequestInfo;
      readonly status: number;
      /** Since `requestStarted`, in milliseconds. */
      readonly durationMs: number;
      /** Size of the body as it came. */
      readonly bytes: number;
    }
  /** There was no answer, or not all of it; the answer to an abort is a failure too. */
  | {
      readonly type: 'requestFailed';
      readonly request: RequestInfo;
      /** `undefined` when it failed before there was one. */
      readonly status: number | undefined;
      readonly durationMs: number;
      readonly bytes: number;
      readonly error: Error;
    }
  /** New connections use another TLS identity from now on. */
  | { readonly type: 'tlsReloaded'; readonly changed: readonly ('ca' | 'cert' | 'key' | 'serverName' | 'insecure')[] }
  /** A new TLS identity cannot be used; that of before stays. */
  | { readonly type: 'tlsReloadFailed'; readonly error: Error };

/** A request as its events know it; the same object in all of them. */
export interface RequestInfo {
  readonly method: string;
  /** `host:port`, with the proxy if there is one. */
  readonly peer: string;
  /** Without the query, which may hold what nobody else should read. */
  readonly path: string;
  readonly longRunning: boolean;
}

/**
 * Receives a transport's events, in the call stack of what happened: it must be quick. What it throws is reported as an
 * uncaught exception would be, and does not reach the request.
 */
export type TransportObserver = (event: TransportEvent) => void;
