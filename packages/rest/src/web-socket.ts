import type { TransportRequest, TransportResponse } from './transport-request.js';

/** What a WebSocket (RFC 6455) is asked for with. */
export interface WebSocketRequest extends Pick<TransportRequest, 'url' | 'headers' | 'signal'> {
  /**
   * Subprotocols in the order of preference; at least one. They are not among the headers: `sec-websocket-*`,
   * `connection` and `upgrade` there reject with a `TypeError`.
   */
  readonly protocols: readonly string[];
  /** Default: none. Runtimes that send no pings leave it out of account. */
  readonly heartbeat?: WebSocketHeartbeat | undefined;
}

/**
 * How a WebSocket is kept open by what stands between, and its peer found to be gone. client-go's streams have 5,000 and
 * 61,000.
 */
export interface WebSocketHeartbeat {
  /**
   * Milliseconds from one ping to the next. None is sent while messages flow, and while some of them wait for a reader: their
   * sender may have closed, and a ping that is refused breaks the connection with what waits.
   */
  readonly pingIntervalMs: number;
  /**
   * When nothing has come for so many milliseconds, neither pong nor message, the connection is broken: a `TransportError`
   * (`timeout`), at the latest with the ping after that.
   *
   * It does not count while nobody reads the messages, and while the peer may not have taken what was sent, which is more
   * than 4 KiB since something has come: its pong would be behind that. A peer that is gone is then noticed as for any
   * connection, if less soon.
   */
  readonly silenceTimeoutMs: number;
}

/**
 * The answer to the handshake. `webSocket` is there exactly when the status is 101; any other answer is one like those of
 * requests, whose body tells the reason and must be read or discarded.
 */
export interface WebSocketResponse extends TransportResponse {
  readonly webSocket?: WebSocketConnection | undefined;
}

/**
 * An open WebSocket. Pings of the peer are answered without being asked; no extensions are negotiated, so no message is
 * compressed.
 *
 * When the signal of its request aborts, the connection is cut, and what is pending rejects with `signal.reason`.
 */
export interface WebSocketConnection extends AsyncDisposable {
  /** The subprotocol that the server chose; one of those asked for. */
  readonly protocol: string;
  /**
   * The messages in the order of arrival: bytes for a binary one, a string for a text. Can be iterated once. What nobody
   * reads is not taken from the network, beyond a bounded buffer. A message above 16 MiB closes with code 1009.
   *
   * Ends when the peer closes with code 1000, and after {@link close}. Rejects with a {@link WebSocketCloseError} for any
   * other code, and with a `TransportError` when the connection broke (`truncated`) or was silent for too long (`timeout`).
   * Leaving the iteration early closes the connection.
   *
   * A message belongs to the reader: the transport does not touch its bytes again.
   */
  readonly messages: AsyncIterable<Uint8Array | string>;
  /**
   * Sends one message; it is in the hands of the operating system when the promise resolves, so awaiting it is
   * back-pressure. Messages go out in the order of the calls. The bytes must not be changed before.
   *
   * Rejects with what `messages` would when the connection is gone.
   */
  send(message: Uint8Array | string): Promise<void>;
  /**
   * Sends a ping, and resolves with its pong; how long to wait is the caller's choice. Left out where the runtime cannot.
   */
  ping?(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Starts the closing handshake, and resolves when the connection is gone: after 5 seconds it is cut. Messages that come
   * before can still be read. Does nothing on a closed connection, and never rejects. Disposing does the same.
   *
   * @param code - Default: 1000.
   */
  close(code?: number, reason?: string): Promise<void>;
  /** How the connection ended. Never rejects: code 1006 stands for a connection that broke or was cut. */
  readonly closed: Promise<WebSocketClose>;
}

/** How a WebSocket ended (RFC 6455 §7.4). The reason is the peer's own text. */
export interface WebSocketClose {
  readonly code: number;
  readonly reason: string;
}

/** The peer closed a WebSocket for a reason that is not "done". */
export class WebSocketCloseError extends Error implements WebSocketClose {
  override readonly name = 'WebSocketCloseError';
  readonly code: number;
  readonly reason: string;

  /** @param peer - who was called: `host:port`, without credentials. */
  constructor(peer: string, { code, reason }: WebSocketClose, options?: ErrorOptions) {
    super(`${peer}: WebSocket closed with code ${code}${reason === '' ? '' : `: ${JSON.stringify(reason)}`}`, options);
    this.code = code;
    this.reason = reason;
  }
}

/** Whether `err` is a `WebSocketCloseError` of this or another copy of the package. */
export function isWebSocketCloseError(err: unknown): err is WebSocketCloseError {
  return err instanceof Error && err.name === 'WebSocketCloseError' && 'code' in err;
}
