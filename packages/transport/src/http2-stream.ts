import type { Dispatcher } from 'undici/index.js';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';
import { ErrorCode } from './http2-frames.js';

/** Answers that have no body, whatever their headers say of its length (RFC 9110 §8.6). */
const Bodiless: ReadonlySet<number> = new Set([204, 304]);

const Never = Number.POSITIVE_INFINITY;

/** What a stream needs of its connection. */
export interface StreamCarrier {
  /** So much may come, in advance of who reads it. */
  readonly windowBytes: number;
  /** Time in milliseconds. */
  now(): number;
  /** Lets so many more bytes come. */
  widen(stream: Http2Stream, bytes: number): void;
  /** Ends it, for the peer with this code; `undefined` when it has ended by itself. */
  leave(stream: Http2Stream, code: number | undefined): void;
  /** Says what stopped it. */
  errorOf(answered: boolean, reason: string): Error;
}

/** One exchange on a connection that carries others, too. */
export class Http2Stream implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly id: number;
  /** Of the body of the request, what has not been sent yet, its end included. */
  unsent: Buffer | undefined;
  /** So much of it the peer takes. */
  sendWindow: number;
  /** When its time limits have to be looked at. */
  lookAt: number;
  /** The final answer has begun. */
  answered = false;
  readonly #carrier: StreamCarrier;
  readonly #exchange: Exchange;
  readonly #request: OutgoingRequest;
  readonly #again: (() => void) | undefined;
  #receiveWindow: number;
  #unacknowledged = 0;
  /** Of the body. */
  #lengthLeft: number | undefined;
  #isOver = false;
  readonly #isLimited: boolean;
  #silentSince = 0;

  /** @param again - called instead of failing when the server says that it has not looked at the request (RFC 9113 §8.7). */
  constructor(
    id: number,
    { carrier, sendWindow }: { readonly carrier: StreamCarrier; readonly sendWindow: number },
    exchange: Exchange,
    request: OutgoingRequest,
    again: (() => void) | undefined,
  ) {
    this.id = id;
    this.#carrier = carrier;
    this.#exchange = exchange;
    this.#request = request;
    this.#again = again;
    this.sendWindow = sendWindow;
    this.unsent = bytesOf(request.body);
    this.#receiveWindow = carrier.windowBytes;
    this.lookAt = Never;
    this.#isLimited = request.headersTimeout > 0 || request.bodyTimeout > 0;
    if (!this.#isLimited) return;
    this.#silentSince = carrier.now();
    this.look(this.#silentSince);
  }

  /** Has to be called when {@link lookAt} has come: ends it when it has been silent for too long. */
  look(now: number): void {
    const { headersTimeout, bodyTimeout } = this.#request;
    const limit = this.answered ? bodyTimeout : headersTimeout;
    // It is its reader who is slow.
    if (this.paused) this.#silentSince = now;
    const dueAt = limit === 0 ? Never : this.#silentSince + limit;
    // In the meantime the other limit may be the one that counts.
    this.lookAt = Math.min(dueAt, now + (headersTimeout || Never), now + (bodyTimeout || Never));
    if (now < dueAt) return;
    const code = this.answered ? 'UND_ERR_BODY_TIMEOUT' : 'UND_ERR_HEADERS_TIMEOUT';
    this.#fail(ErrorCode.cancel, Object.assign(new Error('silent for too long'), { code }));
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#leave(ErrorCode.cancel);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#heard();
    this.#widen();
  }

  /** An interim answer, the answer, or what comes behind its body. */
  headers(status: number | undefined, headers: Record<string, string | string[]>, isLast: boolean): void {
    this.#heard();
    if (this.answered) {
      if (!isLast || status !== undefined) this.malformed('headers within the body');
    } else if (status === undefined || status === 101 || (status < 200 && isLast)) {
      this.malformed('no status');
    } else {
      if (status >= 200) {
        this.answered = true;
        const { 'content-length': length } = headers;
        const hasBody = this.#request.method !== 'HEAD' && !Bodiless.has(status);
        if (hasBody && typeof length === 'string') this.#lengthLeft = Number(length);
      }
      this.#exchange.onResponseStart(this, status, headers);
    }
    if (isLast) this.end();
  }

  /** `length` more bytes of a body come. Says whether they keep to what was allowed. */
  expect(length: number): boolean {
    this.#heard();
    this.#receiveWindow -= length;
    this.#unacknowledged += length;
    if (!this.answered) this.malformed('a body before the headers');
    return this.#receiveWindow >= 0;
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return;
    if (this.#lengthLeft !== undefined) this.#lengthLeft -= chunk.length;
    this.#exchange.onResponseData(this, chunk);
    this.#widen();
  }

  /** The answer is complete. */
  end(): void {
    if (this.#isOver) return;
    if (this.#lengthLeft) {
      this.malformed('a body that is not as long as its headers say');
      return;
    }
    // What the peer does not want of the request it need not get.
    this.#leave(this.unsent ? ErrorCode.cancel : undefined);
    this.#exchange.onResponseEnd();
  }

  /** The peer has ended it. */
  reset(code: number): void {
    if (code === ErrorCode.refusedStream && this.refuse()) return;
    this.#fail(undefined, this.#carrier.errorOf(this.answered, `stream closed with HTTP/2 code ${code}`));
  }

  /** The peer has not looked at it. Says whether it is sent again. */
  refuse(): boolean {
    if (this.#isOver || this.answered || !this.#again) return false;
    this.#leave(undefined);
    this.#again();
    return true;
  }

  /** There is no connection any more. */
  fail(error: Error): void {
    this.#fail(undefined, error);
  }

  /** The answer is none that could be understood. */
  malformed(what: string): void {
    this.#fail(ErrorCode.protocolError, new Error(`the answer is no HTTP/2: ${what}`));
  }

  #heard(): void {
    if (this.#isLimited) this.#silentSince = this.#carrier.now();
  }

  #widen(): void {
    if (this.paused || this.#isOver || this.#unacknowledged < this.#carrier.windowBytes / 2) return;
    this.#receiveWindow += this.#unacknowledged;
    this.#carrier.widen(this, this.#unacknowledged);
    this.#unacknowledged = 0;
  }

  #fail(code: number | undefined, error: Error): void {
    if (this.#isOver) return;
    this.#leave(code);
    this.#exchange.onResponseError(this, error);
  }

  #leave(code: number | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#carrier.leave(this, code);
  }
}

function bytesOf(body: OutgoingRequest['body']): Buffer | undefined {
  if (body === null) return undefined;
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
