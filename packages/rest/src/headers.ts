import type { Config, ImpersonationConfig } from './config.js';
import { JsonMediaType } from './media-type.js';
import type { Request } from './request.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';
import { defaultUserAgent } from './user-agent.js';

/** The first value of a header, or `undefined`. */
export function headerOf(response: Pick<TransportResponse, 'headers'>, name: string): string | undefined {
  return headersOf(response, name)[0];
}

/** All values of a header that may be repeated. */
export function headersOf({ headers }: Pick<TransportResponse, 'headers'>, name: string): readonly string[] {
  return [headers[name] ?? []].flat();
}

/** What every request of a client carries, but for tokens that change. */
export function clientHeaders(config: Config, authorization: string | undefined): TransportRequest['headers'] {
  return {
    'user-agent': config.userAgent ?? defaultUserAgent(),
    accept: JsonMediaType,
    ...(authorization === undefined ? {} : { authorization }),
    ...impersonationHeaders(config.impersonate),
  };
}

/** What one request carries, likewise. What it says itself goes before what all of them say. */
export function requestHeaders(
  common: TransportRequest['headers'],
  negotiated: TransportRequest['headers'],
  own: Request['headers'],
): TransportRequest['headers'] {
  const headers = { ...common, ...negotiated };
  if (own?.['impersonate-user'] !== undefined) {
    // One identity must not come with the groups of another.
    for (const name of Object.keys(headers)) if (name.startsWith('impersonate-')) delete headers[name];
  }
  return Object.assign(headers, own);
}

function impersonationHeaders(
  impersonate: ImpersonationConfig | undefined,
): Record<string, string | readonly string[]> {
  if (impersonate === undefined) return {};
  const { userName, uid, groups = [], extra = {} } = impersonate;
  if (userName === '') throw new TypeError('config.impersonate.userName may not be empty');
  const headers: Record<string, string | readonly string[]> = { 'impersonate-user': userName };
  if (uid !== undefined) headers['impersonate-uid'] = uid;
  if (groups.length > 0) headers['impersonate-group'] = groups;
  for (const [key, values] of Object.entries(extra)) headers[`impersonate-extra-${escapeHeaderKey(key)}`] = values;
  return headers;
}

/** Extra keys may contain what a header name may not: such bytes, and `%` itself, are percent-encoded. */
function escapeHeaderKey(key: string): string {
  let escaped = '';
  for (const byte of new TextEncoder().encode(key)) {
    const character = String.fromCharCode(byte);
    const legal = /^[A-Za-z0-9!#$&'*+.^_`|~-]$/.test(character);
    escaped += legal ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
