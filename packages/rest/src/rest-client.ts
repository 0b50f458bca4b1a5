import {
  type Clock,
  type KubernetesObject,
  realClock,
  type RequestOptions,
  type ResourceDescriptor,
  sleep,
  stringifyJson,
  type Warning,
} from '@client-ts/apimachinery';
import type { Config, RateLimiter, TokenSource } from './config.js';
import { credentialsOf } from './credentials.js';
import { limit } from './deadline.js';
import { isUnknownFieldsError, refuseFailure } from '@client-ts/apimachinery/errors';
import { decodeJson } from './decode-json.js';
import { errorOf } from './error-response.js';
import { fetchOnlyTransport } from './fetch-transport.js';
import { clientHeaders, headersOf, requestHeaders } from './headers.js';
import { Negotiation } from './negotiation.js';
import { jsonCodec } from './json-codec.js';
import { JsonMediaType } from './media-type.js';
import { layered, type Transmit } from './middleware.js';
import { TokenBucket } from './rate-limiter.js';
import { readText } from './read-body.js';
import { describeRequest, type Request, requestUrl } from './request.js';
import type { RequestEvent } from './request-event.js';
import { ResourceClient } from './resource-client.js';
import { afterEarlier, reconnectAfterMs, RetryBudgetMs, RetryMax, retryAfterMs } from './retry-policy.js';
import type { Sender, SendOptions } from './sender.js';
import { serverUrl } from './server-url.js';
import { sendWithToken, transmitTo } from './transmit.js';
import type { Transport } from './transport.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';
import { parseWarnings } from './warnings.js';
import type { WebSocketResponse } from './web-socket.js';

/**
 * Calls one API server: puts the config's credentials and headers on requests, waits for the limiter, retries what the
 * server asks to retry, and turns every failure into an error.
 */
export class RestClient implements Sender {
  readonly clock: Clock;
  readonly timeoutMs: number | undefined;
  /** What dates from servers are compared with: the monotonic clock is not the machine's. */
  readonly #dates: Pick<Clock, 'now'>;
  readonly #config: Config;
  readonly #transport: Transport;
  readonly #base: string;
  readonly #headers: TransportRequest['headers'];
  /** With what is accepted, of which there are a few values. */
  readonly #byAccept = new Map<string, TransportRequest['headers']>();
  readonly #tokens: TokenSource | undefined;
  readonly #transmit: Transmit;
  readonly #limiter: RateLimiter | undefined;
  readonly #negotiation: Negotiation;

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: Config, clock: Clock = realClock) {
    this.#config = config;
    this.clock = clock;
    this.#dates = clock === realClock ? Date : clock;
    this.timeoutMs = config.timeoutMs;
    this.#base = serverUrl(config).href;
    const { fixed, source } = credentialsOf(config);
    this.#headers = clientHeaders(config, fixed);
    this.#tokens = source;
    const { qps, burst = 10, rateLimiter } = config;
    this.#limiter = rateLimiter ?? (qps === undefined ? undefined : new TokenBucket(qps, burst, clock));
    this.#negotiation = new Negotiation(config.codecs, (request, error) =>
      tell(config, { type: 'fellBackToJson', request, error }),
    );
    this.#transport = config.transport ?? fetchOnlyTransport(config);
    this.#transmit = this.#transmitFor({});
  }

  /** The verbs of one resource, in one namespace or (`NamespaceAll`) in all. */
  resource<T extends KubernetesObject, A = unknown>(
    descriptor: ResourceDescriptor<T, A>,
    namespace?: string,
  ): ResourceClient<T, A> {
    return new ResourceClient(this, descriptor, namespace);
  }

  /**
   * Sends a request and reads the answer as JSON; `undefined` when the body is empty.
   *
   * Rejects with a `StatusError`, a `TransportError`, a {@link ResponseDecodeError}, `signal.reason`, or a
   * `DeadlineExceededError` when `timeoutMs` (default: the config's) has passed, retries included.
   */
  async json<R>(request: Request, options: RequestOptions = {}): Promise<R> {
    const text = await this.read(request, options, ({ body }) => readText(body));
    return (text === '' ? undefined : refuseFailure(decodeJson(describeRequest(request), text))) as R;
  }

  /** {@inheritDoc Sender.read} Rejects as {@link json} does. */
  read<R>(request: Request, options: RequestOptions, read: (response: TransportResponse) => Promise<R>): Promise<R> {
    const { timeoutMs = this.timeoutMs } = options;
    return timeoutMs === undefined
      ? this.#attempt(request, options, read)
      : this.#readWithin(timeoutMs, request, options, read);
  }

  /**
   * Sends a request and resolves with its 2xx answer as soon as the headers are there. The body must be read or discarded.
   * The config's `timeoutMs` does not count: an answer may stay open for as long as somebody reads it.
   */
  send(request: Request, options: SendOptions = {}): Promise<WebSocketResponse> {
    return this.#attempt(request, options, (response) => Promise.resolve(response));
  }

  /** {@inheritDoc Sender.codecOf} */
  codecOf(response: Pick<TransportResponse, 'headers'>): ReturnType<Sender['codecOf']> {
    return this.#negotiation.decoder(response) ?? jsonCodec;
  }

  /** {@inheritDoc Sender.fallBack} */
  fallBack(request: Request, error: unknown): boolean {
    return this.#negotiation.learn(request, error);
  }

  async #readWithin<R>(
    timeoutMs: number,
    request: Request,
    options: RequestOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const controller = new AbortController();
    const { signal } = options;
    const release = limit(controller, { clock: this.clock, what: describeRequest(request), signal, timeoutMs });
    try {
      return await this.#attempt(request, { ...options, signal: controller.signal }, read);
    } finally {
      release();
    }
  }

  /**
   * `read` is part of an attempt: a body that breaks off is repeated as a connection that does.
   *
   * All of a client's requests pass here, some of them by the thousand: what is not needed for most is not done before it is.
   */
  async #attempt<R>(
    request: Request,
    options: SendOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal, longRunning } = options;
    signal?.throwIfAborted();
    let prepared = this.#prepare(request, options);
    const transmit = options.protocols ? this.#transmitFor(options) : this.#transmit;
    let waitedMs = 0;
    let previous: unknown;
    for (let retry = 0; ;) {
      // As in client-go, the start of a watch takes no token: informers that start would wait for each other.
      if (this.#limiter && (!longRunning || retry > 0)) await this.#throttle(this.#limiter, request, signal);
      let delayMs: number | undefined;
      let response: WebSocketResponse | undefined;
      let error: unknown;
      try {
        response = await this.#send(prepared, transmit);
        if (response.headers['warning'] !== undefined) this.#warn(response, options);
        if ((response.status >= 200 && response.status < 300) || response.webSocket) return await read(response);
        const { clock } = this;
        const nowMs = this.#dates.now();
        delayMs = retryAfterMs(response, nowMs);
        const codec = this.#negotiation.decoder(response);
        const refusal = await errorOf(request, response, { clock, nowMs, codec });
        if (previous !== undefined) refusal.cause = previous;
        error = refusal;
      } catch (failure) {
        await response?.discard();
        delayMs = longRunning ? undefined : reconnectAfterMs(failure, request);
        error = afterEarlier(failure, previous);
      }
      signal?.throwIfAborted();
      if (this.#negotiation.learn(request, error)) {
        const other = this.#prepare(request, options);
        const changed = !isSameRepresentation(prepared, other);
        prepared = other;
        if (changed) continue;
      }
      const { max = RetryMax, budgetMs = RetryBudgetMs } = this.#config.retry ?? {};
      if (delayMs === undefined || retry >= max || waitedMs + delayMs > budgetMs) throw error;
      retry++;
      waitedMs += delayMs;
      previous = error;
      tell(this.#config, { type: 'retrying', request, retry, delayMs, error });
      options.onRetry?.({ delayMs, error });
      await sleep(this.clock, delayMs, signal);
    }
  }

  #transmitFor({ protocols, heartbeat, openWebSocket }: SendOptions): Transmit {
    const { middleware = [], transport } = this.#config;
    // The config's own transport opens WebSockets, or nothing does.
    const how = { protocols, heartbeat, openWebSocket: transport ? undefined : openWebSocket };
    return layered(middleware, transmitTo(this.#transport, how));
  }

  /** A request that brings credentials of its own is sent as it is. */
  #send(request: TransportRequest, transmit: Transmit): Promise<WebSocketResponse> {
    return this.#tokens && request.headers['authorization'] === undefined
      ? sendWithToken(request, this.#tokens, transmit)
      : transmit(request);
  }

  #warn(response: TransportResponse, { onWarning = this.#config.onWarning ?? warnOnConsole }: SendOptions): void {
    for (const warning of parseWarnings(headersOf(response, 'warning'))) onWarning(warning);
  }

  async #throttle(limiter: RateLimiter, request: Request, signal: AbortSignal | undefined): Promise<void> {
    const start = this.clock.now();
    await limiter.take(signal);
    tell(this.#config, { type: 'throttled', request, waitedMs: this.clock.now() - start });
  }

  #prepare(request: Request, { signal, longRunning }: SendOptions): TransportRequest {
    const { method, headers: own } = request;
    const url = requestUrl(this.#base, request);
    const { body, contentType } = this.#encode(request);
    const accept = this.#negotiation.accept(request);
    const isRead = own === undefined && contentType === undefined;
    const negotiated = { accept, ...(contentType === undefined ? {} : { 'content-type': contentType }) };
    const headers = isRead ? this.#readHeaders(accept) : requestHeaders(this.#headers, negotiated, own);
    return { method, url, headers, body, signal, longRunning };
  }

  /** The same object for all requests that accept the same: what is made of headers on the way is then made once. */
  #readHeaders(accept: string): TransportRequest['headers'] {
    let headers = this.#byAccept.get(accept);
    if (!headers) {
      headers = Object.freeze(requestHeaders(this.#headers, { accept }, undefined));
      this.#byAccept.set(accept, headers);
    }
    return headers;
  }

  #encode({ body, type }: Request): { body?: string | Uint8Array | undefined; contentType?: string } {
    if (body === undefined) return {};
    const encoded = typeof body === 'string' || body instanceof Uint8Array;
    const codec = encoded ? undefined : this.#negotiation.encoder(type);
    try {
      if (codec) return { body: codec.encode(body as KubernetesObject), contentType: codec.mediaType };
    } catch (error) {
      // Of this one object: whether it is right the server knows.
      if (!isUnknownFieldsError(error)) throw error;
    }
    return { body: encoded ? body : stringifyJson(body), contentType: JsonMediaType };
  }
}

function warnOnConsole({ text }: Warning): void {
  console.warn(`Warning: ${text}`);
}

function isSameRepresentation(one: TransportRequest, other: TransportRequest): boolean {
  return (
    one.headers['accept'] === other.headers['accept'] && one.headers['content-type'] === other.headers['content-type']
  );
}

/**
 * Tells the observer, and of the request nothing that may be secret. Whoever only looks fails no request: what it throws is reported
 * as an uncaught exception.
 */
function tell({ observer }: Config, event: RequestEvent): void {
  const { method, target } = event.request;
  try {
    observer?.({ ...event, request: { method, target } });
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

const clients = /* @__PURE__ */ new WeakMap<Config, RestClient>();

/** The client of a config value: the same value gives the same client, so its limiter and tokens are shared. */
export function restClientFor(config: Config): RestClient {
  let client = clients.get(config);
  if (!client) {
    client = new RestClient(config);
    clients.set(config, client);
  }
  return client;
}
