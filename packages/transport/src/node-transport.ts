import { abortable, onAbort } from '@client-ts/apimachinery';
import {
  encodeHeaders,
  isTransportError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  type WebSocketRequest,
  type WebSocketResponse,
} from '@client-ts/rest';
import type { Connections } from './connections.js';
import { Exchange, type ExchangeContext } from './exchange.js';
import { Line } from './line.js';
import type { Running } from './running.js';
import { TransportEvents } from './transport-events.js';
import type { CompleteOptions } from './transport-options.js';
import { isUndiciLoaded, loadUndici } from './undici-client.js';
import { WebSocketExchange } from './web-socket-exchange.js';

/** A transport on connections that it may share. */
export class NodeTransport implements Transport {
  readonly #connections: Connections;
  readonly #options: CompleteOptions;
  readonly #release: () => boolean;
  /** To the observer of this transport alone. */
  readonly #events: TransportEvents;
  readonly #running = new Line<Running>();
  #state: 'open' | 'closed' = 'open';
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  /** @param release - gives up the connections; says whether nobody else uses them. */
  constructor(connections: Connections, options: CompleteOptions, release: () => boolean) {
    this.#connections = connections;
    this.#options = options;
    this.#release = release;
    this.#events = new TransportEvents(new Set(options.observer && [options.observer]));
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    return this.#withIdentity(request.signal, () => this.#send(request));
  }

  openWebSocket(request: WebSocketRequest): Promise<WebSocketResponse> {
    return this.#withIdentity(request.signal, () => this.#open(request));
  }

  close({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#closing ??= this.#close();
    if (signal) {
      const abort = (): void => this.#cut();
      void this.#closing.finally(onAbort(signal, abort));
      if (signal.aborted) abort();
    }
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cut();
    await this.close();
  }

  async #close(): Promise<void> {
    this.#state = 'closed';
    const last = this.#release();
    if (last) this.#connections.retire();
    for (const running of this.#running.items()) running.leave();
    if (!this.#running.isEmpty) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    if (last) await this.#connections.destroy();
  }

  #cut(): void {
    for (const running of this.#running.items()) running.cut();
  }

  #withIdentity<T>(signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    if (this.#connections.identity.mayChange || !isUndiciLoaded()) return this.#withChangingIdentity(signal, send);
    // The short way, for nearly all.
    try {
      this.#assertUsable(signal);
      return send();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Does something that may need a handshake, and once more with another identity if the handshake failed. */
  async #withChangingIdentity<T>(signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    this.#assertUsable(signal);
    const { identity } = this.#connections;
    const refreshing = identity.refresh(signal);
    if (refreshing) await this.#waitFor(refreshing, signal);
    if (!isUndiciLoaded()) await this.#waitFor(loadUndici(), signal);
    const version = identity.version;
    try {
      return await send();
    } catch (error) {
      if (!isTransportError(error) || error.failure !== 'tls') throw error;
      // The server has seen nothing of it. Certificates and authorities may just have been replaced.
      const again = identity.version === version ? identity.refresh(signal, true) : undefined;
      if (again) await this.#waitFor(again, signal);
      if (identity.version === version) throw error;
    }
    this.#assertUsable(signal);
    return send();
  }

  async #waitFor(what: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
    await abortable(what, signal);
    this.#assertUsable(signal);
  }

  #assertUsable(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#state !== 'open') throw new TypeError('the transport has been closed or disposed of');
  }

  #send(request: TransportRequest): Promise<TransportResponse> {
    const { method, url, body = null, longRunning = false } = request;
    const { headersTimeoutMs, bodyTimeoutMs } = this.#options;
    const { origin, endpoint, requests, streams } = this.#connections.server(url);
    const headers = encodeHeaders(request.headers);
    const exchange = this.#started((context) => new Exchange(request, context), endpoint.peer);
    const path = url.pathname + url.search;
    if (longRunning) {
      streams.run(exchange, { origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 });
    } else {
      const limits = { headersTimeout: headersTimeoutMs, bodyTimeout: bodyTimeoutMs };
      requests.run(exchange, { origin, path, method, headers, body, ...limits });
    }
    return exchange.response;
  }

  #open(request: WebSocketRequest): Promise<WebSocketResponse> {
    const { acknowledgements, connector } = this.#connections;
    const { endpoint } = this.#connections.server(request.url);
    const { headersTimeoutMs } = this.#options;
    const settings = { acknowledgements, connector, endpoint, headersTimeoutMs };
    return this.#started(
      (context) => new WebSocketExchange(request, { ...context, ...settings }),
      endpoint.peer,
    ).open();
  }

  #started<R extends Running>(start: (context: ExchangeContext) => R, peer: string): R {
    const running = start({
      peer,
      events: this.#events,
      clock: this.#options.clock,
      onOver: () => {
        leave();
        if (this.#running.isEmpty) this.#whenIdle?.();
      },
    });
    const leave = this.#running.join(running);
    return running;
  }
}
