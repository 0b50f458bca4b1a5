import type { Clock, RequestOptions } from '@client-ts/apimachinery';
import type { Request } from './request.js';
import type { TransportResponse } from './transport.js';

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * The answer's body stays open; see `TransportRequest.longRunning`. Such a call takes no token of the limiter, and is not
   * repeated when its connection breaks.
   */
  readonly longRunning?: boolean | undefined;
}

/** What the verbs need of a client. */
export interface Sender {
  readonly clock: Clock;
  /** The answer as JSON; `undefined` when its body is empty. That it is an `R` is not checked. */
  json<R>(request: Request, options?: RequestOptions): Promise<R>;
  /** The 2xx answer, as soon as its headers are there. */
  send(request: Request, options?: SendOptions): Promise<TransportResponse>;
}
