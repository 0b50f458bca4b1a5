import { type Clock, onAbort } from '@client-ts/apimachinery';
import {
  decodeHeaders,
  DiscardLimitBytes,
  toTransportError,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from '@client-ts/rest';
import type { Dispatcher } from 'undici/index.js';
import { refusalOf } from './connect-error.js';
import { gunzipped, isGzip } from './gunzip.js';
import { Inflow } from './inflow.js';
import { MaxHeaderBytes } from './max-header-bytes.js';
import { RequestReport } from './request-report.js';
import { type Running, transportClosed } from './running.js';
import type { TransportEvents } from './transport-events.js';

/** Before the answer proper (RFC 9110 §15.2). Nobody sends more than a few; Go takes five. */
const MaxInterimAnswers = 16;

/** Where undici's words do not say what to do. */
const Words: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'no answer within the time limit (headersTimeoutMs)',
  UND_ERR_BODY_TIMEOUT: 'the body was silent for longer than the time limit (bodyTimeoutMs)',
  UND_ERR_HEADERS_OVERFLOW: `the headers are larger than ${MaxHeaderBytes / 1024} KiB`,
};

export interface ExchangeContext {
  readonly peer: string;
  readonly events: TransportEvents;
  readonly clock: Clock;
  /** Called once, when nothing is left of the exchange. */
  readonly onOver: () => void;
}

/**
 * One request and its answer, between a transport's caller and the connection that carries them. Whatever happens, and in
 * whatever order, the caller is told once, and the connection is given back once.
 */
export class Exchange implements Running, Dispatcher.DispatchHandler {
  readonly response: Promise<TransportResponse>;
  /** Called once, when the connection is done with it: well enough to carry another, or not. Set by whoever found one. */
  onFreed: ((reusable: boolean) => void) | undefined;
  readonly longRunning: boolean;
  readonly #context: ExchangeContext;
  readonly #request: TransportRequest;
  readonly #report: RequestReport;
  readonly #unlink: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** The connection was closed by us, and what it says to that is no news. */
  #disconnected = false;
  #interimAnswers = 0;
  #body: Inflow<Uint8Array> | undefined;
  #resolve!: (response: TransportResponse) => void;
  #reject!: (reason: unknown) => void;

  constructor(request: TransportRequest, context: ExchangeContext) {
    const { method, url, signal, longRunning = false } = request;
    this.#request = request;
    this.#context = context;
    this.longRunning = longRunning;
    this.#report = new RequestReport({ method, peer: context.peer, path: url.pathname, longRunning }, context);
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#unlink = signal && onAbort(signal, () => this.#break(signal.reason));
  }

  leave(): void {
    if (this.longRunning) this.cut();
  }

  cut(): void {
    this.#break(transportClosed(this.#context.peer, this.#report.answered));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Nothing has been sent yet: the connection, which was made for this, is as good for another request.
    if (this.#report.over) throw new Error('aborted');
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: TransportResponse['headers'],
  ): void {
    if (status < 200) {
      if (++this.#interimAnswers > MaxInterimAnswers) this.#break(this.#tooManyInterimAnswers());
      return;
    }
    const body = new Inflow<Uint8Array>({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      leave: () => {
        this.#disconnect();
        this.#end();
      },
    });
    this.#body = body;
    this.#report.answer(status);
    this.#resolve(this.#responseOf(status, decodeHeaders(headers), body));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#report.bytes += chunk.length;
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.end();
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, cause: Error): void {
    if (this.#report.over || this.#disconnected) return;
    this.#fail(cause instanceof TransportError ? cause : this.#errorOf(cause));
  }

  /** Of what comes from a connection that there was. */
  #errorOf(cause: Error): TransportError {
    const { peer } = this.#context;
    const refusal = refusalOf(cause);
    if (refusal !== undefined && !this.#body) return new TransportError('tls', `${peer}: ${refusal}`, { cause });
    const error = toTransportError(cause, peer, this.#body ? 'reading' : 'sending');
    const { [(cause as NodeJS.ErrnoException).code ?? '']: words } = Words;
    if (words !== undefined) return new TransportError(error.failure, `${peer}: ${words}`, { cause });
    // What is otherwise said of attempts to connect, as of probes without an answer: `ETIMEDOUT`. Here the server may have seen the request.
    if (error.failure !== 'connect' && error.failure !== 'tls') return error;
    return new TransportError(this.#body ? 'truncated' : 'reset', error.message, { cause });
  }

  #tooManyInterimAnswers(): TransportError {
    return new TransportError('other', `${this.#context.peer}: more than ${MaxInterimAnswers} interim answers`);
  }

  /** Whoever waits for the answer, or reads it, gets this error. */
  #break(error: unknown): void {
    if (this.#report.over) return;
    this.#disconnect();
    this.#fail(error, 'lost');
  }

  #disconnect(): void {
    this.#disconnected = true;
    this.#controller?.abort(new Error('the request was ended by who sent it'));
  }

  #responseOf(status: number, headers: TransportResponse['headers'], body: Inflow<Uint8Array>): TransportResponse {
    const { method, longRunning } = this.#request;
    const length = method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
    const discard = (): Promise<void> =>
      body.discard(longRunning || length > DiscardLimitBytes ? -1 : DiscardLimitBytes);
    if (!isGzip(this.#request.headers, headers)) return { status, headers, body, discard };
    const { 'content-encoding': _encoding, 'content-length': _length, ...rest } = headers;
    return { status, headers: rest, body: gunzipped(body, this.#context.peer), discard };
  }

  #fail(failure: unknown, how?: 'lost'): void {
    if (this.#report.over) return;
    this.#report.fail(failure);
    this.#reject(failure);
    this.#body?.fail(failure, how);
    // What is still being made is as good for another; where something went wrong, nothing is.
    this.#finish(this.#disconnected && !this.#controller);
  }

  #end(): void {
    if (this.#report.over) return;
    this.#report.end();
    this.#finish(!this.#disconnected);
  }

  #finish(reusable: boolean): void {
    this.#unlink?.();
    this.onFreed?.(reusable);
    this.#context.onOver();
  }
}
