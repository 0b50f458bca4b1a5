import { newStatusError } from '@client-ts/apimachinery/errors';
import { type ApiRequest, headerOf } from './api-request.js';
import { bracketBelow, jsonProblem } from './json-syntax.js';

/** What a real server reads at most. */
const MaxBodyBytes = 3 * 1024 * 1024;
/**
 * Deeper than the JSON of any object. A real server reads ten times as deep, but has no stack that JavaScript's own JSON
 * writer could exhaust.
 */
const MaxDepth = 1000;

/** The media type of the body, without parameters. */
export function contentType(request: ApiRequest): string {
  return (headerOf(request, 'content-type').split(';')[0] ?? '').trim().toLowerCase();
}

/** @throws StatusError 413 when it is too big. */
export function bodyText({ body = '' }: ApiRequest): string {
  // A UTF-16 unit takes at least a byte; text is measured exactly only where that can matter.
  const fits = body.length <= (typeof body === 'string' ? MaxBodyBytes / 3 : MaxBodyBytes);
  const size = fits || typeof body !== 'string' ? body.length : new TextEncoder().encode(body).length;
  if (size > MaxBodyBytes) {
    throw tooLarge(`limit is ${MaxBodyBytes}`);
  }
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** @throws what `fail` makes of the problem, which is worded as a real server's. */
export function parseJson(text: string, fail: (problem: string) => Error): unknown {
  const bracket = bracketBelow(text, MaxDepth);
  if (bracket !== undefined) throw fail(`invalid character '${bracket}' exceeded max depth`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail(jsonProblem(text) ?? (error as Error).message);
  }
}

/** What Go calls the type of a JSON value. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** `{ accepted }` are media types. */
export function unsupportedMediaType(accepted: readonly string[]): Error {
  return newStatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

export function tooLarge(problem: string): Error {
  return newStatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${problem}`);
}
