import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '@client-ts/apimachinery';
import { toTransportError, TransportError } from '@client-ts/rest';
import { connectError } from './connect-error.js';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';
import { carry, headersOf } from './http2-stream.js';
import { MaxHeaderBytes } from './max-header-bytes.js';

/**
 * For each stream: what a slow reader can make the server send in advance. A quarter of what client-go has, which the first sync of
 * an informer gains nothing from; with a quarter of this it takes a tenth longer.
 */
const StreamWindowBytes = 1024 * 1024;

/** For all streams together; Node.js opens it again as soon as bytes arrive, so slow readers do not hold up others. */
const ConnectionWindowBytes = 16 * 1024 * 1024;

/** As client-go: a connection that has been silent for so long is asked whether it is alive, */
const PingAfterMs = 30_000;

/** and is broken when there is no answer within this time. */
const PingTimeoutMs = 15_000;

/** A server that says nothing of it takes any number; one connection is not to carry everything. */
const MaxStreams = 250;

export interface Http2SessionSettings {
  readonly origin: string;
  readonly peer: string;
  readonly clock: Clock;
  readonly keepAliveMs: number;
  /** For the server to say what it wants to be known before it is asked anything. */
  readonly connectTimeoutMs: number;
  /** Called when there is room for another exchange, and when there never will be again. */
  readonly onChange: () => void;
}

/**
 * One HTTP/2 connection, which carries many exchanges at once. On `node:http2`: undici fails what is under way when a server
 * asks for a new connection (GOAWAY), sends nothing but GETs while a watch is open, and waits for the answer to a ping for ever.
 */
export class Http2Session {
  readonly #session: ClientHttp2Session;
  readonly #settings: Http2SessionSettings;
  #streams = 0;
  #maxStreams = 0;
  #isUsed = false;
  #state: 'opening' | 'open' | 'draining' | 'gone' = 'opening';
  #failure: Error | undefined;
  /**
   * Resolves when it takes exchanges: before the server has said how many, there might be too many, which would wait for the
   * others to end. Rejects with a {@link TransportError}.
   */
  readonly opened: Promise<void>;
  /** Something has come since the last look. */
  #active = false;
  #timer: unknown;

  /** @param socket - has agreed on `h2` in its handshake. */
  constructor(socket: Socket, settings: Http2SessionSettings) {
    this.#settings = settings;
    this.#session = connect(settings.origin, {
      createConnection: () => socket,
      maxSessionMemory: 1000,
      maxHeaderListPairs: 4000,
      settings: { enablePush: false, initialWindowSize: StreamWindowBytes, maxHeaderListSize: MaxHeaderBytes },
    });
    this.#session.once('connect', () => this.#session.setLocalWindowSize(ConnectionWindowBytes));
    this.#session.once('goaway', () => this.drain());
    this.#session.on('error', (error) => (this.#failure ??= error));
    this.#timer = settings.clock.setTimeout(() => {
      this.#fail(new Error(`no HTTP/2 settings within ${settings.connectTimeoutMs} ms`));
    }, settings.connectTimeoutMs);
    this.opened = new Promise((resolve, reject) => {
      this.#session.on('remoteSettings', ({ maxConcurrentStreams = MaxStreams }) => {
        this.#maxStreams = Math.max(1, Math.min(maxConcurrentStreams, MaxStreams));
        if (this.#state === 'opening') {
          this.#state = 'open';
          this.#rest();
          resolve();
        }
        settings.onChange();
      });
      this.#session.once('close', () => {
        this.#state = 'gone';
        settings.clock.clearTimeout(this.#timer);
        reject(connectError(this.#failure ?? socket.errored ?? new Error('the connection was closed'), settings.peer));
        settings.onChange();
      });
    });
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  /** Whether it has ever carried one. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Whether it takes another exchange now. */
  get hasRoom(): boolean {
    return (
      this.#state === 'open' && !this.#session.closed && !this.#session.destroyed && this.#streams < this.#maxStreams
    );
  }

  /** @param again - called instead of failing when the server says that it has not looked at it (RFC 9113 §8.7). */
  run(exchange: Exchange, request: OutgoingRequest, again: (() => void) | undefined): void {
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request(headersOf(request), { endStream: request.body === null });
    } catch (error) {
      if (this.#session.closed && again) again();
      else exchange.onResponseError(undefined, error as Error);
      return;
    }
    this.#isUsed = true;
    this.#count(1);
    carry(stream, exchange, {
      body: request.body,
      again,
      onActive: () => (this.#active = true),
      onFree: () => this.#count(-1),
      errorOf: (failure, code, answered) => this.#errorOf(failure, code, answered),
    });
  }

  /** Takes no more exchanges, and ends with the last one. */
  drain(): void {
    if (this.#state === 'gone' || this.#state === 'draining') return;
    this.#state = 'draining';
    if (this.#streams === 0) this.#session.close();
    this.#settings.onChange();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #count(change: number): void {
    const before = this.#streams;
    this.#streams += change;
    if (before === 0) {
      this.#session.ref();
      this.#watchHealth();
    }
    if (this.#streams > 0) return;
    this.#rest();
    this.#settings.onChange();
  }

  /** Nobody needs it now: the process may exit, and some time later it is closed. */
  #rest(): void {
    const { clock, keepAliveMs } = this.#settings;
    clock.clearTimeout(this.#timer);
    if (this.#state === 'draining') this.#session.close();
    if (this.#state !== 'open') return;
    this.#session.unref();
    this.#timer = clock.setTimeout(() => this.drain(), keepAliveMs);
    (this.#timer as Partial<NodeJS.Timeout>).unref?.();
  }

  /** A peer that has gone without a word is noticed, even while the kernel still waits for its acknowledgement. */
  #watchHealth(): void {
    const { clock } = this.#settings;
    clock.clearTimeout(this.#timer);
    this.#active = false;
    this.#timer = clock.setTimeout(() => {
      if (this.#active) this.#watchHealth();
      else this.#ping();
    }, PingAfterMs);
  }

  #ping(): void {
    const { clock } = this.#settings;
    this.#timer = clock.setTimeout(() => {
      this.#fail(new Error(`no answer to a ping within ${PingTimeoutMs} ms`));
    }, PingTimeoutMs);
    this.#session.ping((error) => {
      if (!error && this.#streams > 0) this.#watchHealth();
    });
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#session.destroy(failure);
  }

  #errorOf(failure: Error | undefined, code: number, answered: boolean): TransportError {
    const { peer } = this.#settings;
    const cause = this.#failure ?? failure;
    const kind = answered ? 'truncated' : 'reset';
    // Node.js has no more to say of a stream that was reset than its code.
    if (cause && !isHttp2Error(cause))
      return new TransportError(kind, toTransportError(cause, peer, 'reading').message, { cause });
    const reason =
      code === constants.NGHTTP2_CANCEL ? 'the connection was closed' : `stream closed with HTTP/2 code ${code}`;
    return new TransportError(kind, `${peer}: ${reason}`, { cause });
  }
}

function isHttp2Error({ code }: NodeJS.ErrnoException): boolean {
  return code?.startsWith('ERR_HTTP2_') ?? false;
}
