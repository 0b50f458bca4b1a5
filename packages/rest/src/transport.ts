import type { TransportRequest, TransportResponse } from './transport-request.js';
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
