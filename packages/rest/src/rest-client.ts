import {
  type Clock,
  type KubernetesObject,
  realClock,
  type RequestOptions,
  type ResourceDescriptor,
  sleep,
} from '@client-ts/apimachinery';
import type { Config, Warning } from './config.js';
import { type Credentials, credentialsOf } from './credentials.js';
import { newDeadline } from './deadline.js';
import { decodeJson } from './decode-json.js';
import { errorOf } from './error-response.js';
import { refuseFailure } from './failure-status.js';
import { fetchTransport } from './fetch-transport.js';
import { clientHeaders, headersOf } from './headers.js';
import { TokenBucket } from './rate-limiter.js';
import { readText } from './read-body.js';
import { describeRequest, type Request, requestUrl } from './request.js';
import { ResourceClient } from './resource-client.js';
import { afterEarlier, MaxRetries, reconnectAfterMs, retryAfterMs } from './retry-policy.js';
import type { Sender, SendOptions } from './sender.js';
import { serverUrl } from './server-url.js';
import type { Transport } from './transport.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';
import { parseWarnings } from './warnings.js';

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
  readonly #limiter: TokenBucket | undefined;

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: Config, clock: Clock = realClock) {
    this.#config = config;
    this.clock = clock;
    this.timeoutMs = config.timeoutMs;
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
    const text = await this.read(request, options, ({ body }) => readText(body));
    return (text === '' ? undefined : refuseFailure(decodeJson(describeRequest(request), text))) as R;
  }

  /** {@inheritDoc Sender.read} Rejects as {@link json} does. */
  async read<R>(
    request: Request,
    options: RequestOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal, timeoutMs = this.timeoutMs } = options;
    const deadline = newDeadline(this.clock, describeRequest(request), signal, timeoutMs);
    try {
      return await this.#attempt(request, { signal: deadline.signal }, read);
    } finally {
      // Not by `using`: what it is compiled to costs every program a kilobyte.
      deadline[Symbol.dispose]();
    }
  }

  /**
   * Sends a request and resolves with its 2xx answer as soon as the headers are there. The body must be read or discarded.
   * The config's `timeoutMs` does not count: an answer may stay open for as long as somebody reads it.
   */
  send(request: Request, options: SendOptions = {}): Promise<TransportResponse> {
    return this.#attempt(request, options, (response) => Promise.resolve(response));
  }

  /** `read` is part of an attempt: a body that breaks off is repeated as a connection that does. */
  async #attempt<R>(
    request: Request,
    options: SendOptions,
    read: (response: TransportResponse) => Promise<R>,
  ): Promise<R> {
    const { signal, longRunning } = options;
    signal?.throwIfAborted();
    const prepared = this.#prepare(request, options);
    let previous: unknown;
    for (let retries = 0; ; retries++) {
      // As in client-go, the start of a watch takes no token: informers that start would wait for each other.
      if (!longRunning || retries > 0) await this.#limiter?.take(signal);
      let delayMs: number | undefined;
      let response: TransportResponse | undefined;
      let failure: unknown;
      try {
        response = await this.#sendAuthorized(prepared);
        for (const warning of parseWarnings(headersOf(response, 'warning'))) this.#warn(warning);
        if (response.status >= 200 && response.status < 300) return await read(response);
        delayMs = retryAfterMs(response, this.clock.now());
        const refusal = await errorOf(request, response, this.clock.now());
        if (previous !== undefined) refusal.cause = previous;
        failure = refusal;
      } catch (error) {
        await response?.discard();
        delayMs = longRunning ? undefined : reconnectAfterMs(error, request);
        failure = afterEarlier(error, previous);
      }
      signal?.throwIfAborted();
      if (delayMs === undefined || retries >= MaxRetries) throw failure;
      previous = failure;
      await sleep(this.clock, delayMs, signal);
    }
  }

  async #sendAuthorized(request: TransportRequest): Promise<TransportResponse> {
    const { signal } = request;
    const authorization = await this.#credentials.authorization({ signal });
    const response = await this.#transport.request(withAuthorization(request, authorization));
    if (response.status !== 401 || !this.#credentials.renewable || authorization === undefined) return response;
    let renewed: string | undefined;
    try {
      renewed = await this.#credentials.authorization({ signal, rejected: authorization });
    } catch (error) {
      await response.discard();
      throw error;
    }
    if (renewed === authorization) return response;
    await response.discard();
    return this.#transport.request(withAuthorization(request, renewed));
  }

  #prepare(request: Request, { signal, longRunning }: SendOptions): TransportRequest {
    const url = requestUrl(this.#baseUrl, request);
    const headers: Record<string, string | readonly string[]> = { ...this.#headers };
    let body: string | Uint8Array | undefined;
    if (request.body !== undefined) {
      const encoded = typeof request.body === 'string' || request.body instanceof Uint8Array;
      body = encoded ? request.body : JSON.stringify(request.body);
      headers['content-type'] = 'application/json';
    }
    Object.assign(headers, request.headers);
    return { method: request.method, url, headers, body, signal, longRunning };
  }

  #warn(warning: Warning): void {
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
