import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '@client-ts/apimachinery';
import { headerOf, headersOf, type Middleware, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { isFresh, isStorable, lifetimeMs, validatorsOf } from './freshness.js';
import { decodeHttpEntry, encodeHttpEntry, endToEnd, type HttpEntry } from './http-entry.js';
import { readKept } from './read-kept.js';
import { writeAtomically } from './write-atomically.js';

export interface HttpCacheOptions {
  /** Compared with the dates of answers. Default: the time of the machine. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/** The most that is kept of one answer, in bytes. */
const MaxBytes = 64 * 1024 * 1024;

/** How the name begins under which the value of a request's header is kept that the answer varies by. */
const Varied = 'x-varied-';

/** Nothing that depends on these is kept: their values would be. */
const Credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', '*']);

/** With one of these, the caller has an idea of his own what he should get. */
const OwnConditions = ['cache-control', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'range'];

/**
 * Keeps answers in a directory, which it shares with kubectl (`~/.kube/cache/http`): the documents of discovery and of OpenAPI,
 * which servers let be kept. A server is asked to confirm what it has sent (`If-None-Match`), or not even that when it said how
 * long that is good for. What comes out of a file has the header `x-from-cache`.
 *
 * Each answer is a file named after the SHA-256 hash of its URL, and begins with a checksum. What is damaged is as good as
 * nothing. Only whole answers to GET are kept, never watches, and never headers with credentials. Users of one directory see
 * each other's answers where the server does not ask to have them confirmed.
 *
 * ```ts
 * const openapi = new OpenApiClient({ ...config, middleware: [httpCache(directory), ...(config.middleware ?? [])] });
 * ```
 *
 * It stands before what decompresses.
 */
export function httpCache(directory: string, { clock = { now: () => Date.now() } }: HttpCacheOptions = {}): Middleware {
  const fileOf = ({ url }: TransportRequest): string =>
    path.join(directory, createHash('sha256').update(url.href).digest('hex'));

  const keep = async (request: TransportRequest, entry: HttpEntry): Promise<void> => {
    const encoded = encodeHttpEntry(entry);
    if (!encoded) return;
    try {
      await writeAtomically(fileOf(request), encoded, path.join(directory, '.diskv-temp'));
    } catch {
      // The next one will ask, too.
    }
  };

  return async (request, next) => {
    if (!isCacheable(request)) return next(request);
    const kept = await entryFor(request, fileOf(request));
    if (kept && isFresh(kept, clock.now())) return answerOf(kept);
    const response = await next({ ...request, headers: { ...request.headers, ...(kept && validatorsOf(kept)) } });
    if (kept && response.status === 304) {
      await response.discard();
      const confirmed = { headers: { ...kept.headers, ...endToEnd(response.headers) }, body: kept.body };
      // Its date counts only where it has a lifetime.
      if (lifetimeMs(confirmed) > 0) await keep(request, confirmed);
      return answerOf(confirmed);
    }
    const headers = variedHeaders(request, response);
    if (response.status !== 200 || !headers || !isStorable(response)) return response;
    const body = copied(response.body, (whole) => keep(request, { headers, body: whole }));
    return { status: response.status, headers: response.headers, body, discard: () => response.discard() };
  };
}

function isCacheable({ method, longRunning, headers }: TransportRequest): boolean {
  return method === 'GET' && !longRunning && OwnConditions.every((name) => headers[name] === undefined);
}

/** What is kept, if it is an answer to a request with such headers. */
async function entryFor(request: TransportRequest, file: string): Promise<HttpEntry | undefined> {
  const kept = await readKept(file, MaxBytes);
  const entry = kept && decodeHttpEntry(kept.content);
  const isSame = (name: string): boolean =>
    (headerOf(request, name) ?? '') === (headerOf(entry!, `${Varied}${name}`) ?? '');
  return entry && variesBy(entry).every(isSame) ? entry : undefined;
}

/** Headers to keep, with those of the request that the answer varies by; `undefined` when that may not be kept. */
function variedHeaders(
  request: TransportRequest,
  response: TransportResponse,
): TransportResponse['headers'] | undefined {
  const names = variesBy(response);
  // What is compressed still is of no use to who finds it here.
  if (response.headers['content-encoding'] !== undefined || names.some((name) => Credentials.has(name)))
    return undefined;
  const varied = names.map((name) => [`${Varied}${name}`, headerOf(request, name)] as const);
  return { ...response.headers, ...Object.fromEntries(varied) };
}

function variesBy(response: Pick<TransportResponse, 'headers'>): string[] {
  const names = headersOf(response, 'vary').flatMap((value) => value.split(','));
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}

function answerOf({ headers, body }: HttpEntry): TransportResponse {
  async function* whole(): AsyncGenerator<Uint8Array, void, void> {
    yield body;
  }
  const { length } = body;
  return {
    status: 200,
    headers: { ...headers, 'content-length': String(length), 'x-from-cache': '1' },
    body: whole(),
    discard: () => Promise.resolve(),
  };
}

/** The same body; when it has been read to its end, all of it is there for another purpose, too. */
async function* copied(
  body: AsyncIterable<Uint8Array>,
  done: (whole: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Chunks belong to their reader, who may do to them what he likes.
    if (size <= MaxBytes) chunks.push(new Uint8Array(chunk));
    yield chunk;
  }
  if (size <= MaxBytes) await done(Buffer.concat(chunks));
}
