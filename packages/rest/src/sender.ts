import type { Clock, Codec, RequestOptions } from '@client-ts/apimachinery';
import type { ObjectReader } from './json-codec.js';
import type { Request } from './request.js';
import type { Transport } from './transport.js';
import type { TransportResponse } from './transport-request.js';
import type { WebSocketHeartbeat, WebSocketResponse } from './web-socket.js';

export interface SendOptions extends Pick<RequestOptions, 'signal' | 'onWarning' | 'onRetry'> {
  /**
   * The answer's body stays open; see `TransportRequest.longRunning`. Such a call takes no token of the limiter, which its retries
   * do, and is not repeated when its connection breaks.
   */
  readonly longRunning?: boolean | undefined;
  /** Asks for a WebSocket with one of these subprotocols: the answer is a `WebSocketResponse`. */
  readonly protocols?: readonly string[] | undefined;
  /** Of that WebSocket. */
  readonly heartbeat?: WebSocketHeartbeat | undefined;
  /** Opens it when the config has no transport of its own. */
  readonly openWebSocket?: Transport['openWebSocket'];
}

/** What the verbs need of a client. */
export interface Sender {
  readonly clock: Clock;
  /** Deadline in milliseconds of requests that have none of their own, if there is one. */
  readonly timeoutMs: number | undefined;
  /** The answer as JSON; `undefined` when its body is empty. That it is an `R` is not checked. */
  json<R>(request: Request, options?: RequestOptions): Promise<R>;
  /**
   * What `read` makes of the 2xx answer. Reading is part of the request: when the body of a GET breaks off, the request is
   * sent again, and `read` begins anew.
   */
  read<R>(request: Request, options: RequestOptions, read: (response: TransportResponse) => Promise<R>): Promise<R>;
  /** What an answer to a request with a `type` is to be read with. */
  codecOf(response: Pick<TransportResponse, 'headers'>): Codec | ObjectReader;
  /**
   * Told of a failure to decode the body of an answer that {@link send} gave. `true` when the same request, sent again, is
   * answered in another representation.
   */
  fallBack(request: Request, error: unknown): boolean;
  /** The 2xx answer, or that which opens a WebSocket, as soon as its headers are there. */
  send(request: Request, options?: SendOptions): Promise<WebSocketResponse>;
}
