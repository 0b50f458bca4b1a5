import type { TransportResponse } from '@client-ts/rest';
import { headerOf, headersOf } from '@client-ts/rest';

type Headers = Pick<TransportResponse, 'headers'>;

/** Whether a private cache may keep an answer, and could make use of it (RFC 9111 §3): it can be confirmed, or has a lifetime. */
export function isStorable(response: Headers): boolean {
  const isUsable = lifetimeMs(response) > 0 || Boolean(validatorsOf(response));
  return isUsable && !directives(response).has('no-store');
}

/** Whether an answer may be given again without asking (RFC 9111 §4.2). */
export function isFresh(response: Headers, nowMs: number): boolean {
  const date = Date.parse(headerOf(response, 'date') ?? '');
  return !directives(response).has('no-cache') && nowMs - date < lifetimeMs(response);
}

/** From its date on, in milliseconds: `max-age`, or else the time to `Expires`. */
export function lifetimeMs(response: Headers): number {
  const maxAge = directives(response).get('max-age');
  if (maxAge !== undefined) return /^\d{1,10}$/.test(maxAge) ? Number(maxAge) * 1000 : 0;
  const [date, expires] = ['date', 'expires'].map((name) => Date.parse(headerOf(response, name) ?? ''));
  return Math.max((expires ?? NaN) - (date ?? NaN), 0) || 0;
}

/** Headers by which a server is asked to confirm an answer; `undefined` when it has given nothing for that. */
export function validatorsOf(response: Headers): Readonly<Record<string, string>> | undefined {
  const tag = headerOf(response, 'etag');
  const modified = headerOf(response, 'last-modified');
  if (tag === undefined && modified === undefined) return undefined;
  return {
    ...(tag === undefined ? {} : { 'if-none-match': tag }),
    ...(modified === undefined ? {} : { 'if-modified-since': modified }),
  };
}

function directives(response: Headers): ReadonlyMap<string, string> {
  const parts = headersOf(response, 'cache-control').flatMap((value) => value.split(','));
  return new Map(
    parts.map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
}
