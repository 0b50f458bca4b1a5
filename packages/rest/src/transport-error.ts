/** What stopped a request before it got an answer, or an answer before its end. */
export type TransportFailure =
  /** No connection came about: refused, unreachable, unknown host. The server has seen nothing. */
  | 'connect'
  /** The TLS handshake failed: unknown authority, wrong name, expired certificate. */
  | 'tls'
  /** The connection broke after the request was sent. */
  | 'reset'
  /** The server closed in the middle of a body. */
  | 'truncated'
  /** A time limit of the transport was reached. */
  | 'timeout'
  /** Anything else. */
  | 'other';

/** There was no answer, or only part of one. The message names the host and never a credential. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Whether `err` is a `TransportError` of this or another copy of the package. */
export function isTransportError(err: unknown): err is TransportError {
  return err instanceof Error && err.name === 'TransportError' && 'failure' in err;
}
