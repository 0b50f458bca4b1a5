import type { WebSocketRequest, WebSocketResponse } from './web-socket.js';

/**
 * The seam below every client: bytes out, bytes in. Nothing above it opens a socket, and nothing below it knows
 * Kubernetes.
 *
 * Implementations: global `fetch` (in this package, any runtime), undici (`@client-ts/transport`), and the in-memory API
 * server (`@client-ts/apiserver`). All pass the same cases.
 *
 * A transport adds nothing of its own to a request: credentials, user agent, content types and encodings are put in by the
 * client.
 */
export interface Transport extends AsyncDisposable {
  /**
   * Sends one request, and resolves with the status and headers as soon as they are there. Redirects are not followed.
   *
   * Rejects with `signal.reason` when aborted, and with a {@link TransportError} when there is no answer. After it
   * resolved, the same happens to whoever reads the body.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /**
   * Opens a WebSocket through the same TLS, proxy and limits as requests. The URL is that of a request, `http` or `https`.
   * Resolves with the answer to the handshake, whatever it is; rejects as {@link request} does, and with a
   * `TransportError` (`other`) when the server chose a subprotocol that was not asked for, or none.
   *
   * Left out by transports that cannot. It takes no place in the pool of short requests.
   */
  openWebSocket?(request: WebSocketRequest): Promise<WebSocketResponse>;
  /**
   * Closes in good order: from now on nothing is sent (`TypeError`), idle connections are closed, requests in flight may
   * end, their bodies included. Long-running ones and WebSockets would not end by themselves: they are broken at once, the
   * latter with code 1001.
   *
   * Resolves when the last connection is gone. When `signal` aborts, what is still open is broken, and the promise
   * resolves all the same. Disposing breaks everything at once.
   *
   * Left out by transports that have no connections of their own.
   */
  close?(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

export interface TransportRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: URL;
  /**
   * Names in lower case; a list is sent as repeated headers. Values are text, in UTF-8 on the wire; a control character
   * rejects with a `TypeError` that names the header.
   */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** Closes the connection, at any time until the body has been read to its end. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The body is expected to stay open (a watch, a followed log): it must not take a place in the pool of short
   * requests, and silence is no failure.
   */
  readonly longRunning?: boolean | undefined;
}

export interface TransportResponse {
  readonly status: number;
  /**
   * Names in lower case; repeated ones as a list, or joined by commas. Values are read as UTF-8.
   *
   * A transport that decodes bodies (gzip) leaves out `content-encoding` and `content-length` of what it decoded.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /**
   * The body as it arrives; chunks end anywhere. Can be iterated once. Leaving the iteration early closes the connection.
   *
   * A chunk belongs to the reader: the transport does not touch its bytes again.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * Lets go of the connection when the body is of no interest: gives it back after a small body, closes it otherwise.
   * Does nothing once the body is being read, and never rejects.
   */
  discard(): Promise<void>;
}

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
