import { formatGroupResource } from '@client-ts/apimachinery';
import { genericServerResponse, type Status, StatusError } from '@client-ts/apimachinery/errors';
import { headerOf } from './headers.js';
import { readTextUpTo } from './read-body.js';
import type { Request } from './request.js';
import { parseRetryAfter } from './retry-policy.js';
import type { TransportResponse } from './transport.js';

/** A Status with many causes is long; a page from a proxy is longer. */
const MaxStatusBytes = 1024 * 1024;
/** How much of a text that is no Status goes into an error, as in client-go. */
const MaxTextLength = 2048;

/** Turns an answer outside 2xx into the error that it is. Never rejects for what the body contains. */
export async function errorOf(request: Request, response: TransportResponse): Promise<StatusError> {
  const text = await readTextUpTo(response.body, MaxStatusBytes);
  const status = parseStatus(text);
  if (status) return new StatusError({ ...status, code: status.code ?? response.status });
  const target = typeof request.target === 'string' ? { group: '', resource: '' } : request.target;
  const retryAfterMs = parseRetryAfter(headerOf(response, 'retry-after'), Date.now());
  return genericServerResponse({
    code: response.status,
    verb: request.method.toLowerCase(),
    resource: target,
    name: 'name' in target ? (target.name ?? '') : '',
    serverMessage: isText(headerOf(response, 'content-type'))
      ? text.slice(0, MaxTextLength).trim() || 'unknown'
      : 'unknown',
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  });
}

/** The failure that a text spells out, or `undefined` when it is something else. */
export function parseStatus(text: string): Status | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let value: Partial<Status>;
  try {
    value = JSON.parse(text) as Partial<Status>;
  } catch {
    return undefined; // not JSON, or cut off: the HTTP status code tells what happened
  }
  const isFailure = value.kind === 'Status' && value.status !== 'Success';
  const wellFormed = typeof (value.message ?? '') === 'string' && typeof (value.reason ?? '') === 'string';
  return isFailure && wellFormed ? value : undefined;
}

function isText(contentType: string | undefined): boolean {
  return contentType === undefined || contentType.startsWith('text/');
}

/** How a call is named in errors: `GET pods "web"`. */
export function describeRequest({ method, target }: Pick<Request, 'method' | 'target'>): string {
  if (typeof target === 'string') return `${method} ${target}`;
  const { name } = target;
  return `${method} ${formatGroupResource(target)}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
}
