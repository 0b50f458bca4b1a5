import type { Request } from './request.js';
import { headerOf } from './headers.js';
import { isTransportError, TransportError } from './transport-error.js';
import type { TransportResponse } from './transport-request.js';

/** Defaults of `RetryConfig`, where their reasons are. */
export const RetryMax = 10;
export const RetryBudgetMs: number = 5 * 60 * 1000;

/** Pause before a read is repeated whose connection broke. */
const ReconnectDelayMs = 1000;

/**
 * Milliseconds to wait before the request is sent again, or `undefined` when the answer stands.
 *
 * Servers ask for retries with `Retry-After` on 429 and 5xx. They do so before they have done anything, so every verb is
 * repeated.
 */
export function retryAfterMs(
  response: Pick<TransportResponse, 'status' | 'headers'>,
  nowMs: number,
): number | undefined {
  const { status } = response;
  if (status !== 429 && (status < 500 || status > 599)) return undefined;
  return parseRetryAfter(headerOf(response, 'retry-after'), nowMs);
}

/** Milliseconds to wait before a request is sent again whose connection broke; only reads are safe to repeat. */
export function reconnectAfterMs(error: unknown, { method }: Pick<Request, 'method'>): number | undefined {
  if (method !== 'GET' || !isTransportError(error)) return undefined;
  return error.failure === 'reset' || error.failure === 'truncated' ? ReconnectDelayMs : undefined;
}

/** Seconds, or a date (RFC 9110 §10.2.3). Only what looks like one: `Date.parse` makes a date of almost anything. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Z][a-z]+, .* GMT$/.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(date - nowMs, 0);
}

/** The failure of a later attempt, which remembers the one before. The transport's own error is left as it is. */
export function afterEarlier(error: unknown, earlier: unknown): unknown {
  if (earlier === undefined || !isTransportError(error)) return error;
  const causes = [error.cause, earlier].filter((cause) => cause !== undefined);
  const cause = causes.length === 1 ? earlier : new AggregateError(causes, 'the reason, and the attempt before');
  return new TransportError(error.failure, error.message, { cause });
}
