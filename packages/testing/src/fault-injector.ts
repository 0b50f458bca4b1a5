import {
  type Transport,
  TransportError,
  type TransportFailure,
  type TransportRequest,
  type TransportResponse,
} from '@client-ts/rest';
import { cuttable, type Cut } from './cuttable-response.js';
import { silentResponse, textResponse } from './made-up-response.js';
import { endingAfter, inPieces } from './reshaped-body.js';

/** What happens to a request instead of, or before, its way to the server. */
export type Fault =
  /** Answers with this status and body; the server never sees the request. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Rejects as if the connection had failed; the server never sees the request. */
  | { readonly kind: 'error'; readonly failure: TransportFailure }
  /** Answers 200 and then sends nothing, as a connection whose other end is gone. */
  | { readonly kind: 'silence' }
  /** The server's answer, a few bytes at a time. */
  | { readonly kind: 'split'; readonly bytes: number }
  /** The first bytes of the server's answer, and then its end: in good order, or as a failure. */
  | { readonly kind: 'truncate'; readonly bytes: number; readonly end: 'eof' | TransportFailure };

export interface FaultOptions {
  /** Which requests. Default: all. */
  readonly matches?: RequestMatcher;
  /** How many requests it happens to. Default: 1. */
  readonly times?: number;
}

export type RequestMatcher = (request: TransportRequest) => boolean;

/** Matches the requests of watches. */
export const watches: RequestMatcher = ({ url }) => url.searchParams.get('watch') !== null;

interface ActiveFault {
  readonly fault: Fault;
  readonly matches: RequestMatcher;
  left: number;
}

/**
 * A transport in front of another one that does what networks and servers do: it fails, falls silent and breaks
 * connections, when told to and not by chance.
 *
 * ```ts
 * const faults = new FaultInjector(server.transport);
 * const config = { ...server.config(), transport: faults };
 * faults.inject({ kind: 'status', status: 500 }, { matches: watches });
 * faults.cut('reset'); // break every connection that is open now
 * ```
 */
export class FaultInjector implements Transport {
  readonly #inner: Transport;
  readonly #faults: ActiveFault[] = [];
  readonly #open = new Map<symbol, { request: TransportRequest; cut: Cut }>();

  /** Does not own `inner`: disposing the injector leaves it open. */
  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Adds a fault; when several match a request, the oldest goes first. Disposing the result takes it back. */
  inject(fault: Fault, options: FaultOptions = {}): Disposable {
    const active: ActiveFault = { fault, matches: options.matches ?? (() => true), left: options.times ?? 1 };
    this.#faults.push(active);
    return { [Symbol.dispose]: () => this.#remove(active) };
  }

  /**
   * Ends the responses that are being read now: with an error (`reset`), or as if the server had closed them in good
   * order (`eof`). Or lets them fall silent, as if the other end were gone (`silence`). Returns how many.
   */
  cut(how: 'reset' | 'eof' | 'silence', matches: RequestMatcher = () => true): number {
    const chosen = [...this.#open.values()].filter(({ request }) => matches(request));
    for (const { cut } of chosen) cut(how);
    return chosen.length;
  }

  /** How many matching responses are being read now. */
  openResponses(matches: RequestMatcher = () => true): number {
    return [...this.#open.values()].filter(({ request }) => matches(request)).length;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const id = Symbol(request.url.pathname);
    const answer = await cuttable(request, (linked) => this.#answer(linked), {
      opened: (cut) => this.#open.set(id, { request, cut }),
      closed: () => this.#open.delete(id),
    });
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.length = 0;
    this.cut('reset');
  }

  async #answer(request: TransportRequest): Promise<TransportResponse> {
    request.signal?.throwIfAborted();
    const active = this.#faults.find((candidate) => candidate.matches(request));
    if (!active) return this.#inner.request(request);
    active.left--;
    if (active.left <= 0) this.#remove(active);
    const { fault } = active;
    switch (fault.kind) {
      case 'status':
        return textResponse(fault.status, fault.body ?? '', fault.headers);
      case 'error':
        throw new TransportError(fault.failure, `${fault.failure} on purpose: ${request.url.host}`);
      case 'silence':
        return silentResponse(request.signal);
      case 'split':
        return this.#reshaped(request, (body) => inPieces(body, fault.bytes));
      case 'truncate':
        return this.#reshaped(request, (body) => endingAfter(body, fault.bytes, fault.end));
    }
  }

  async #reshaped(
    request: TransportRequest,
    reshape: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  ): Promise<TransportResponse> {
    const response = await this.#inner.request(request);
    return { ...response, body: reshape(response.body) };
  }

  #remove(active: ActiveFault): void {
    const index = this.#faults.indexOf(active);
    if (index >= 0) this.#faults.splice(index, 1);
  }
}
