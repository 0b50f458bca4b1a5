import type { Socket } from 'node:net';
import type { Clock } from '@client-ts/apimachinery';
import { toTransportError, TransportError } from '@client-ts/rest';
import type { Acknowledged, Acknowledgements } from './acknowledgements.js';
import { connectError } from './connect-error.js';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';
import { Http2Connection } from './http2-connection.js';

/** As client-go: a connection that has been silent for so long is asked whether it is alive, */
const PingAfterMs = 30_000;

/** and is broken when there is no answer within this time. */
const PingTimeoutMs = 15_000;

/** A server that says nothing of it takes any number; one connection is not to carry everything. */
const MaxStreams = 250;

const Never = Number.POSITIVE_INFINITY;

export interface Http2SessionSettings {
  readonly origin: string;
  readonly peer: string;
  readonly clock: Clock;
  readonly acknowledgements: Acknowledgements;
  readonly keepAliveMs: number;
  /** For the server to say what it wants to be known before it is asked anything. */
  readonly connectTimeoutMs: number;
  /** For each stream: what a slow reader can make the server send in advance. */
  readonly windowBytes: number;
  /** Called when there is room for another exchange, and when there never will be again. */
  readonly onChange: () => void;
}

/** One HTTP/2 connection, which carries many exchanges at once, from its first bytes to its last. */
export class Http2Session {
  readonly #socket: Socket;
  readonly #connection: Http2Connection;
  readonly #settings: Http2SessionSettings;
  readonly #acknowledged: Acknowledged;
  #maxStreams = 0;
  #isUsed = false;
  #state: 'opening' | 'open' | 'draining' | 'gone' = 'opening';
  #failure: Error | undefined;
  /** The peer has not kept to the rules: it would not do so another time. */
  #isAtFault = false;
  /**
   * Resolves when it takes exchanges: before the server has said how many, there might be too many, which would wait for the
   * others to end. Rejects with a {@link TransportError}.
   */
  readonly opened: Promise<void>;
  #onOpen!: () => void;
  /** Something has come since the last look. */
  #isActive = false;
  /** When what has to happen: the server speaks, it is idle for too long, its health is looked at, it answers a ping. */
  #openBy: number;
  #closeAt = Never;
  #lookAt = Never;
  #pongBy = Never;
  #timer: unknown;
  #timerAt = Never;

  /** @param socket - has agreed on `h2` in its handshake. */
  constructor(socket: Socket, settings: Http2SessionSettings) {
    const { acknowledgements, clock, origin, peer, connectTimeoutMs, windowBytes, onChange } = settings;
    this.#socket = socket;
    this.#settings = settings;
    this.#acknowledged = acknowledgements.of(socket, peer);
    this.#connection = new Http2Connection(socket, {
      authority: new URL(origin).host,
      windowBytes,
      now: () => clock.now(),
      errorOf: (answered, reason) => this.#errorOf(answered, reason),
      onSettings: (maxStreams) => this.#greet(maxStreams),
      onGoAway: () => this.drain(),
      onFree: () => this.#onFree(),
      onActive: () => (this.#isActive = true),
      onFault: (error) => {
        this.#isAtFault = true;
        this.#fail(error);
      },
    });
    this.#openBy = clock.now() + connectTimeoutMs;
    this.#schedule();
    this.opened = new Promise((resolve, reject) => {
      this.#onOpen = resolve;
      socket.once('close', () => {
        this.#state = 'gone';
        clock.clearTimeout(this.#timer);
        const failure = this.#failure ?? socket.errored ?? new Error('the connection was closed');
        reject(connectError(failure, peer));
        this.#failure = failure;
        this.#connection.fail((answered) => this.#errorOf(answered, 'the connection was closed'));
        onChange();
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
    const { streams, canOpen } = this.#connection;
    return this.#state === 'open' && canOpen && streams.size < this.#maxStreams && this.#socket.writable;
  }

  /** @param again - called instead of failing when the server says that it has not looked at it (RFC 9113 §8.7). */
  run(exchange: Exchange, request: OutgoingRequest, again: (() => void) | undefined): void {
    const isFirst = this.#connection.streams.size === 0;
    let lookAt: number;
    try {
      ({ lookAt } = this.#connection.open(exchange, request, again));
    } catch (error) {
      exchange.onResponseError(undefined, error as Error);
      return;
    }
    this.#isUsed = true;
    this.#acknowledged.expect();
    if (isFirst) this.#work();
    if (lookAt < this.#timerAt) this.#schedule();
  }

  /** Takes no more exchanges, and ends with the last one. */
  drain(): void {
    if (this.#state === 'gone' || this.#state === 'draining') return;
    this.#state = 'draining';
    if (this.#connection.streams.size === 0) this.#connection.close();
    this.#settings.onChange();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #greet(maxStreams: number | undefined): void {
    if (maxStreams !== undefined || this.#state === 'opening') {
      this.#maxStreams = Math.max(1, Math.min(maxStreams ?? MaxStreams, MaxStreams));
    }
    if (this.#state === 'opening') {
      this.#state = 'open';
      this.#openBy = Never;
      this.#rest();
      this.#onOpen();
    }
    this.#settings.onChange();
  }

  #onFree(): void {
    const { size } = this.#connection.streams;
    if (size === 0) this.#rest();
    if (size === 0 || size === this.#maxStreams - 1) this.#settings.onChange();
  }

  #work(): void {
    this.#socket.ref();
    this.#closeAt = Never;
    this.#isActive = false;
    this.#lookAt = this.#settings.clock.now() + PingAfterMs;
    this.#schedule();
  }

  /** Nobody needs it now: the process may exit, and some time later it is closed. */
  #rest(): void {
    this.#acknowledged.settle();
    this.#lookAt = Never;
    this.#pongBy = Never;
    if (this.#state === 'draining') this.#connection.close();
    if (this.#state !== 'open') return;
    this.#socket.unref();
    this.#closeAt = this.#settings.clock.now() + this.#settings.keepAliveMs;
    this.#schedule();
  }

  /** A timer that fires before anything is due looks for what is due next: to set one for each exchange would cost more. */
  #schedule(): void {
    const { clock } = this.#settings;
    let dueAt = Math.min(this.#openBy, this.#closeAt, this.#lookAt, this.#pongBy);
    for (const stream of this.#connection.streams.values()) dueAt = Math.min(dueAt, stream.lookAt);
    if (dueAt >= this.#timerAt) return;
    clock.clearTimeout(this.#timer);
    this.#timerAt = dueAt;
    this.#timer = clock.setTimeout(() => this.#look(), Math.max(0, dueAt - clock.now()));
    (this.#timer as Partial<NodeJS.Timeout>).unref?.();
  }

  #look(): void {
    const { connectTimeoutMs, clock } = this.#settings;
    this.#timerAt = Never;
    const now = clock.now();
    for (const stream of this.#connection.streams.values()) if (now >= stream.lookAt) stream.look(now);
    if (now >= this.#openBy) this.#fail(new Error(`no HTTP/2 settings within ${connectTimeoutMs} ms`));
    else if (now >= this.#pongBy) this.#fail(new Error(`no answer to a ping within ${PingTimeoutMs} ms`));
    else if (now >= this.#closeAt) this.drain();
    else {
      if (now >= this.#lookAt) this.#lookAfterHealth(now);
      this.#schedule();
    }
  }

  /** A peer that has gone without a word is noticed, even while the kernel still waits for its acknowledgement. */
  #lookAfterHealth(now: number): void {
    if (this.#isActive) {
      this.#isActive = false;
      this.#lookAt = now + PingAfterMs;
      return;
    }
    this.#lookAt = Never;
    this.#pongBy = now + PingTimeoutMs;
    this.#connection.ping(() => {
      if (this.#pongBy === Never) return;
      this.#pongBy = Never;
      this.#isActive = false;
      this.#lookAt = this.#settings.clock.now() + PingAfterMs;
      this.#schedule();
    });
  }

  #fail(failure: Error): void {
    this.#failure ??= failure;
    this.#socket.destroy(failure);
  }

  #errorOf(answered: boolean, reason: string): TransportError {
    const { peer } = this.#settings;
    const cause = this.#failure;
    const kind = answered ? 'truncated' : this.#isAtFault ? 'other' : 'reset';
    if (!cause) return new TransportError(kind, `${peer}: ${reason}`);
    return new TransportError(kind, toTransportError(cause, peer, 'reading').message, { cause });
  }
}
