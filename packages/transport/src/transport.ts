import {
  decodeHeaders,
  encodeHeaders,
  toTransportError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from '@client-ts/rest';
import type { Dispatcher } from 'undici/index.js';
import { Dispatchers } from './dispatchers.js';
import { identityOf, type TransportOptions } from './tls-identity.js';

interface Shared {
  readonly dispatchers: Dispatchers;
  users: number;
}

/** The one place that owns sockets: transports of the same identity share them. */
const shared = /* @__PURE__ */ new Map<string, Shared>();

/** A small body is worth reading for the sake of its connection; a large one is not. */
const DiscardLimitBytes = 128 * 1024;

/**
 * A transport for Node.js on undici. Connections are pooled: a thousand calls take a bounded number of them, and transports
 * with the same TLS identity and proxy use the same.
 *
 * Idle connections do not keep the process alive. Disposing breaks what is open, once the last transport of an identity is
 * disposed of.
 *
 * @throws TypeError when the TLS material or the proxy cannot be used; the message names the field.
 */
export function newTransport(options: TransportOptions = {}): Transport {
  const identity = identityOf(options);
  let entry = shared.get(identity);
  if (!entry) {
    entry = { dispatchers: new Dispatchers(options), users: 0 };
    shared.set(identity, entry);
  }
  entry.users++;
  return new UndiciTransport(entry.dispatchers, async () => {
    entry.users--;
    if (entry.users > 0) return;
    shared.delete(identity);
    await entry.dispatchers.destroy();
  });
}

class UndiciTransport implements Transport {
  readonly #dispatchers: Dispatchers;
  #release: (() => Promise<void>) | undefined;

  constructor(dispatchers: Dispatchers, release: () => Promise<void>) {
    this.#dispatchers = dispatchers;
    this.#release = release;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    if (!this.#release) throw new TypeError('the transport has been disposed of');
    const { method, url, headers, body, signal, longRunning = false } = request;
    signal?.throwIfAborted();
    const peer = this.#dispatchers.peer(url);
    const options: Dispatcher.RequestOptions = {
      method,
      origin: url.origin,
      path: url.pathname + url.search,
      headers: encodeHeaders(headers),
      body: body ?? null,
      ...(signal === undefined ? {} : { signal }),
    };
    let response: Dispatcher.ResponseData;
    try {
      response = await this.#dispatchers.for(longRunning).request(options);
    } catch (error) {
      signal?.throwIfAborted();
      throw toTransportError(error, peer, 'sending');
    }
    return {
      status: response.statusCode,
      headers: decodeHeaders(response.headers),
      body: readBody(response.body, peer, signal, longRunning),
      discard: () => discard(response.body, longRunning),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }
}

type Body = Dispatcher.ResponseData['body'];

async function* readBody(
  body: Body,
  peer: string,
  signal: AbortSignal | undefined,
  longRunning: boolean,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
    if (!longRunning) await connectionFreed();
  } catch (error) {
    signal?.throwIfAborted();
    throw toTransportError(error, peer, 'reading');
  }
}

/**
 * undici takes a turn of the event loop before it uses a connection again. Who sends the next request within that turn gets
 * another connection, so that calls one after the other would take two.
 */
function connectionFreed(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function discard(body: Body, longRunning: boolean): Promise<void> {
  if (body.bodyUsed || body.destroyed) return;
  // Nobody knows when the rest of an open body comes. That it ends early is an error to undici, and the wish here.
  if (longRunning) body.on('error', () => {}).destroy();
  else await body.dump({ limit: DiscardLimitBytes });
  await connectionFreed();
}
