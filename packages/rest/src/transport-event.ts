import type { TransportFailure } from './transport.js';

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
  /** Files with TLS material were read again: new connections use them, or the old ones stay because of `error`. */
  | {
      readonly type: 'tlsReloaded';
      readonly material: 'ca' | 'certificate';
      readonly changed: boolean;
      readonly error?: Error | undefined;
    };

/**
 * Receives a transport's events, in the call stack of what happened: it must be quick. What it throws is reported as an
 * uncaught exception would be, and does not reach the request.
 */
export type TransportObserver = (event: TransportEvent) => void;
