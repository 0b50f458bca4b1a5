import {
  type Clock,
  type KubernetesObject,
  realClock,
  type RequestOptions,
  type ResourceDescriptor,
  sleep,
} from '@client-ts/apimachinery';
import type { Config } from './config.js';
import { type Credentials, credentialsOf } from './credentials.js';
import { newDeadline } from './deadline.js';
import { describeRequest, errorOf } from './error-response.js';
import { fetchTransport } from './fetch-transport.js';
import { clientHeaders, headersOf } from './headers.js';
import { TokenBucket } from './rate-limiter.js';
import { readText } from './read-body.js';
import { type Request, requestPath, setQuery } from './request.js';
import { ResourceClient } from './resource-client.js';
import { MaxRetries, reconnectAfterMs, retryAfterMs } from './retry-policy.js';
import type { Sender, SendOptions } from './sender.js';
import { serverUrl } from './server-url.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';
import { parseWarnings } from './warnings.js';

/** An answer that is not what was asked for, though its status says success. */
export class ResponseDecodeError extends Error {
  override readonly name = 'ResponseDecodeError';
}

/**
 * Calls one API server: puts the config's credentials and headers on requests, waits for the limiter, retries what the
 * server asks to retry, and turns every failure into an error.
 */
export class RestClient implements Sender {
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #baseUrl: URL;
  readonly #headers: Readonly<Record<string, string | readonly string[]>>;
  readonly #credentials: Credentials;
  readonly #limiter: TokenBucket | undefined;

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: Config, clock: Clock = realClock) {
    this.#config = config;
    this.#clock = clock;
    this.#baseUrl = serverUrl(config);
    this.#headers = clientHeaders(config);
    this.#credentials = credentialsOf(config);
    this.#limiter = config.qps === undefined ? undefined : new TokenBucket(config.qps, config.burst ?? 10, clock);
    this.#transport = config.transport ?? fetchTransport(config);
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
    const what = describeRequest(request);
    using deadline = newDeadline(this.#clock, what, options.signal, options.timeoutMs ?? this.#config.timeoutMs);
    const { signal } = deadline;
    const text = await this.#attempt(request, { signal }, (response) => readText(response.body));
    if (text === '') return undefined as R;
    try {
      return JSON.parse(text) as R;
    } catch (cause) {
      throw new ResponseDecodeError(`${what}: the answer is not JSON: ${JSON.stringify(text.slice(0, 100))}`, {
        cause,
      });
    }
  }

  /** Sends a request and resolves with its 2xx answer as soon as the headers are there. The body must be read or discarded. */
  send(request: Request, options: SendOptions = {}): Promise<TransportResponse> {
    return this.#attempt(request, options, (response) => Promise.resolve(response));
  }

  /** `read` is part of an attempt: a body that breaks off is repeated as a connection that does. */
  async #attempt<R>(
    request: Request,
    options: SendOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal } = options;
    const prepared = this.#prepare(request, options);
    let previous: unknown;
    for (let retries = 0; ; retries++) {
      await this.#limiter?.take(signal);
      let delayMs: number | undefined;
      let failure: unknown;
      try {
        const response = await this.#sendAuthorized(prepared);
        for (const warning of parseWarnings(headersOf(response, 'warning'))) this.#warn(warning);
        if (response.status >= 200 && response.status < 300) return await read(response);
        delayMs = retryAfterMs(response, this.#clock.now());
        failure = await errorOf(request, response);
      } catch (error) {
        signal?.throwIfAborted();
        delayMs = options.longRunning ? undefined : reconnectAfterMs(error, request);
        failure = error;
      }
      if (failure instanceof Error && failure.cause === undefined && previous !== undefined) failure.cause = previous;
      if (delayMs === undefined || retries >= MaxRetries) throw failure;
      previous = failure;
      await sleep(this.#clock, delayMs, signal);
    }
  }

  async #sendAuthorized(request: TransportRequest): Promise<TransportResponse> {
    const { signal } = request;
    const authorization = await this.#credentials.authorization({ signal });
    const response = await this.#transport.request(withAuthorization(request, authorization));
    if (response.status !== 401 || !this.#credentials.renewable || authorization === undefined) return response;
    const renewed = await this.#credentials.authorization({ signal, rejected: authorization });
    if (renewed === authorization) return response;
    await response.discard();
    return this.#transport.request(withAuthorization(request, renewed));
  }

  #prepare(request: Request, { signal, longRunning }: SendOptions): TransportRequest {
    const url = new URL(requestPath(request), this.#baseUrl);
    setQuery(url, request.query);
    const headers: Record<string, string | readonly string[]> = { ...this.#headers };
    let body: string | Uint8Array | undefined;
    if (request.body !== undefined) {
      const encoded = typeof request.body === 'string' || request.body instanceof Uint8Array;
      body = encoded ? (request.body as string | Uint8Array) : JSON.stringify(request.body);
      headers['content-type'] = 'application/json';
    }
    Object.assign(headers, request.headers);
    return { method: request.method, url, headers, body, signal, longRunning };
  }

  #warn(warning: Parameters<NonNullable<Config['onWarning']>>[0]): void {
    if (this.#config.onWarning) this.#config.onWarning(warning);
    else console.warn(`Warning: ${warning.text}`);
  }
}

function withAuthorization(request: TransportRequest, authorization: string | undefined): TransportRequest {
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
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
