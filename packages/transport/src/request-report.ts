import type { Clock } from '@client-ts/apimachinery';
import { type RequestInfo, TransportError } from '@client-ts/rest';
import type { TransportEvents } from './transport-events.js';

/** Tells the events of one request, each at most once, and none after its end. */
export class RequestReport {
  readonly info: RequestInfo;
  /** Size of the body so far. */
  bytes = 0;
  readonly #events: TransportEvents;
  readonly #clock: Clock;
  readonly #started: number;
  #status: number | undefined;
  #over = false;

  constructor(info: RequestInfo, { events, clock }: { readonly events: TransportEvents; readonly clock: Clock }) {
    this.info = info;
    this.#events = events;
    this.#clock = clock;
    this.#started = clock.now();
    if (events.wants('requestStarted')) events.emit({ type: 'requestStarted', request: info });
  }

  /** The request has come to an end, good or bad. */
  get over(): boolean {
    return this.#over;
  }

  get answered(): boolean {
    return this.#status !== undefined;
  }

  answer(status: number): void {
    this.#status = status;
    if (!this.#events.wants('responseStarted')) return;
    this.#events.emit({ type: 'responseStarted', request: this.info, status, durationMs: this.#elapsed() });
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#events.wants('requestEnded')) return;
    const { info: request, bytes } = this;
    const status = this.#status ?? 0;
    this.#events.emit({ type: 'requestEnded', request, status, durationMs: this.#elapsed(), bytes });
  }

  /** @param reason - may be the reason of an abort, which is the caller's own affair. */
  fail(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#events.wants('requestFailed')) return;
    const { info: request, bytes } = this;
    const error = isOurs(reason) ? reason : new TransportError('other', `${request.peer}: aborted`);
    const status = this.#status;
    this.#events.emit({ type: 'requestFailed', request, status, durationMs: this.#elapsed(), bytes, error });
  }

  #elapsed(): number {
    return this.#clock.now() - this.#started;
  }
}

function isOurs(reason: unknown): reason is Error {
  return reason instanceof Error && (reason.name === 'TransportError' || reason.name === 'WebSocketCloseError');
}
