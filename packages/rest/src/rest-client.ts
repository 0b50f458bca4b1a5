import {
  type Clock,
  type Codec,
  type KubernetesObject,
  realClock,
  type RequestOptions,
  type ResourceDescriptor,
  sleep,
  type Warning,
} from '@client-ts/apimachinery';
import type { Config, RateLimiter } from './config.js';
import { type Credentials, credentialsOf } from './credentials.js';
import { newDeadline } from './deadline.js';
import { isUnknownFieldsError, refuseFailure } from '@client-ts/apimachinery/errors';
import { decodeJson } from './decode-json.js';
import { errorOf } from './error-response.js';
import { fetchOnlyTransport } from './fetch-transport.js';
import { clientHeaders, headersOf, requestHeaders } from './headers.js';
import { Negotiation } from './negotiation.js';
import { JsonMediaType } from './json-codec.js';
import { TokenBucket } from './rate-limiter.js';
import { readText } from './read-body.js';
import { describeRequest, type Request, requestUrl } from './request.js';
import type { ObservedRequest } from './request-event.js';
import { ResourceClient } from './resource-client.js';
import { afterEarlier, reconnectAfterMs, RetryBudgetMs, RetryMax, retryAfterMs } from './retry-policy.js';
import type { Sender, SendOptions } from './sender.js';
import { serverUrl } from './server-url.js';
import { sendAuthorized, transmitter } from './transmit.js';
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
  readonly #config: Config;
  readonly #transport: Transport;
  readonly #baseUrl: URL;
  readonly #headers: Readonly<Record<string, string | readonly string[]>>;
  readonly #credentials: Credentials;
  readonly #limiter: RateLimiter | undefined;
  readonly #negotiation: Negotiation;

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: Config, clock: Clock = realClock) {
    this.#config = config;
    this.clock = clock;
    this.timeoutMs = config.timeoutMs;
    this.#baseUrl = serverUrl(config);
    this.#headers = clientHeaders(config);
    this.#credentials = credentialsOf(config);
    const { qps, burst = 10, rateLimiter } = config;
    this.#limiter = rateLimiter ?? (qps === undefined ? undefined : new TokenBucket(qps, burst, clock));
    this.#negotiation = new Negotiation(config.codecs, (request, error) =>
      config.observer?.({ type: 'fellBackToJson', request: observed(request), error }),
    );
    this.#transport = config.transport ?? fetchOnlyTransport(config);
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
  async read<R>(
    request: Request,
    options: RequestOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal, timeoutMs = this.timeoutMs, onWarning, onRetry } = options;
    const deadline = newDeadline(this.clock, describeRequest(request), signal, timeoutMs);
    try {
      return await this.#attempt(request, { signal: deadline.signal, onWarning, onRetry }, read);
    } finally {
      // Not by `using`: what it is compiled to costs every program a kilobyte.
      deadline[Symbol.dispose]();
    }
  }

  /**
   * Sends a request and resolves with its 2xx answer as soon as the headers are there. The body must be read or discarded.
   * The config's `timeoutMs` does not count: an answer may stay open for as long as somebody reads it.
   */
  send(request: Request, options: SendOptions = {}): Promise<WebSocketResponse> {
    return this.#attempt(request, options, (response) => Promise.resolve(response));
  }

  /** {@inheritDoc Sender.codecOf} */
  codecOf(response: Pick<TransportResponse, 'headers'>): Codec | undefined {
    return this.#negotiation.decoder(response);
  }

  /** {@inheritDoc Sender.fallBack} */
  fallBack(request: Request, error: unknown): boolean {
    return this.#negotiation.learn(request, error);
  }

  /** `read` is part of an attempt: a body that breaks off is repeated as a connection that does. */
  async #attempt<R>(
    request: Request,
    options: SendOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal, longRunning, onWarning = this.#config.onWarning ?? warnOnConsole } = options;
    const { max = RetryMax, budgetMs = RetryBudgetMs } = this.#config.retry ?? {};
    signal?.throwIfAborted();
    let prepared = this.#prepare(request, options);
    const { middleware = [], transport } = this.#config;
    const { protocols, openWebSocket } = options;
    const fallback = transport ? undefined : openWebSocket;
    const transmit = transmitter(this.#transport, middleware, { protocols, openWebSocket: fallback });
    let left = budgetMs;
    let previous: unknown;
    for (let retry = 0; ;) {
      // As in client-go, the start of a watch takes no token: informers that start would wait for each other.
      if (!longRunning || retry > 0) await this.#throttle(request, signal);
      let delayMs: number | undefined;
      let response: WebSocketResponse | undefined;
      let error: unknown;
      try {
        response = await sendAuthorized(prepared, this.#credentials, transmit);
        parseWarnings(headersOf(response, 'warning')).forEach((warning) => onWarning(warning));
        if ((response.status >= 200 && response.status < 300) || response.webSocket) return await read(response);
        delayMs = retryAfterMs(response, this.clock.now());
        const refusal = await errorOf(request, response, this.clock.now(), this.codecOf(response));
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
      if (delayMs === undefined || retry >= max || delayMs > left) throw error;
      retry++;
      left -= delayMs;
      previous = error;
      this.#config.observer?.({ type: 'retrying', request: observed(request), retry, delayMs, error });
      options.onRetry?.({ delayMs, error });
      await sleep(this.clock, delayMs, signal);
    }
  }

  async #throttle(request: Request, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#limiter) return;
    const start = this.clock.now();
    await this.#limiter.take(signal);
    this.#config.observer?.({ type: 'throttled', request: observed(request), waitedMs: this.clock.now() - start });
  }

  #prepare(request: Request, { signal, longRunning }: SendOptions): TransportRequest {
    const { method, type } = request;
    const url = requestUrl(this.#baseUrl, request);
    const { body, contentType } = this.#encode(request);
    const accept = this.#negotiation.accept(method === 'GET' ? type : undefined);
    const negotiated = { accept, ...(contentType === undefined ? {} : { 'content-type': contentType }) };
    const headers = requestHeaders(request, { ...this.#headers, ...negotiated });
    return { method, url, headers, body, signal, longRunning };
  }

  #encode({ body, type }: Request): { body: string | Uint8Array | undefined; contentType?: string } {
    if (body === undefined) return { body };
    const encoded = typeof body === 'string' || body instanceof Uint8Array;
    const codec = encoded ? undefined : this.#negotiation.encoder(type);
    try {
      if (codec) return { body: codec.encode(body as KubernetesObject), contentType: codec.mediaType };
    } catch (error) {
      // Of this one object: whether it is right the server knows.
      if (!isUnknownFieldsError(error)) throw error;
    }
    return { body: encoded ? body : JSON.stringify(body), contentType: JsonMediaType };
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

function observed({ method, target }: Request): ObservedRequest {
  return { method, target };
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
