import {
  genericServerResponse,
  isFailureStatus,
  isStatusError,
  type Status,
  StatusError,
} from '@client-ts/apimachinery/errors';
import { abortable, type Clock, type Codec } from '@client-ts/apimachinery';
import { attempt } from './attempt.js';
import { headerOf } from './headers.js';
import { concat } from './read-body.js';
import type { Request } from './request.js';
import { parseRetryAfter } from './retry-policy.js';
import type { TransportResponse } from './transport-request.js';

/** A Status with many causes is long; a page from a proxy is longer. */
const MaxStatusBytes = 1024 * 1024;
/** A reason comes with the headers. Limits of time for bodies are not those of refusals: one of a watch has none. */
const MaxReadMs = 10_000;
/** How much of a text that is no Status goes into an error, as in client-go. */
const MaxTextBytes = 2048;

/**
 * Turns an answer outside 2xx into the error that it is. Never rejects for what the body contains, nor for its breaking
 * off, nor waits for more than ten seconds for its end: that the request failed is known already.
 *
 * @param context - `nowMs`, the time of day, is what a date in `Retry-After` is compared with; `codec` what the body is written
 * in, and left out for JSON and for what cannot be known.
 */
export async function errorOf(
  request: Request,
  response: TransportResponse,
  { clock, nowMs, codec }: { readonly clock: Clock; readonly nowMs: number; readonly codec?: Codec | undefined },
): Promise<StatusError> {
  const body = await readAvailable(response.body, clock);
  const status = codec ? statusIn(codec, body) : parseObject(body);
  if (isFailureStatus(status)) return new StatusError({ ...status, code: status.code ?? response.status });
  const { group = '', resource = '', name = '' } = typeof request.target === 'string' ? {} : request.target;
  const retryAfterMs = parseRetryAfter(headerOf(response, 'retry-after'), nowMs);
  return genericServerResponse({
    code: response.status,
    verb: request.method,
    resource: { group, resource },
    name,
    // Of a redirect, which is not followed, it is of interest where it leads.
    serverMessage: headerOf(response, 'location') ?? (textOf(response, body) || 'unknown'),
    retryAfterSeconds: retryAfterMs && Math.ceil(retryAfterMs / 1000),
  });
}

/** What there is of a body before it ends, breaks off, or takes too long: it may still tell the reason. */
async function readAvailable(body: AsyncIterable<Uint8Array>, clock: Clock): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const parts = body[Symbol.asyncIterator]();
  const read = async (): Promise<void> => {
    let left = MaxStatusBytes;
    for await (const chunk of { [Symbol.asyncIterator]: () => parts }) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
  };
  const late = new AbortController();
  const timer = clock.setTimeout(() => late.abort(), MaxReadMs);
  await abortable(read(), late.signal).catch(() => {});
  if (late.signal.aborted) void parts.return?.().catch(() => {});
  clock.clearTimeout(timer);
  return concat(chunks);
}

/** Codecs throw what is a failure. */
function statusIn(codec: Codec, body: Uint8Array): Status | undefined {
  try {
    codec.decode(body, { what: 'a failure', type: { group: '', version: 'v1', kind: 'Status' } });
  } catch (error) {
    if (isStatusError(error)) return error.status;
  }
  return undefined; // cut off, or something else
}

function parseObject(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  if (!text.trimStart().startsWith('{')) return undefined;
  // Cut off, or no JSON: the HTTP status code tells what happened.
  return attempt((): unknown => JSON.parse(text));
}

/** What is meant for people. Decoded as a stream, so that the limit leaves no half character. */
function textOf(response: TransportResponse, body: Uint8Array): string {
  const type = headerOf(response, 'content-type');
  if (type !== undefined && !type.startsWith('text/')) return '';
  return new TextDecoder().decode(body.subarray(0, MaxTextBytes), { stream: true }).trim();
}
