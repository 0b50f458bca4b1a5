import type { ApiResponse } from './api-request.js';

const encoder = new TextEncoder();

/** A complete response from text that is already encoded in its content type. */
export function textResponse(
  status: number,
  contentType: string,
  text: string,
  headers?: Readonly<Record<string, string | readonly string[]>>,
): ApiResponse {
  return { status, headers: { 'content-type': contentType, ...headers }, body: textBody(text) };
}

/** A complete response from a value. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string | readonly string[]>>,
): ApiResponse {
  return textResponse(status, 'application/json', JSON.stringify(value), headers);
}

/** What a real server answers for a path that it does not know: text, not a `Status`. */
export function unknownPath(): ApiResponse {
  return textResponse(404, 'text/plain; charset=utf-8', '404 page not found\n');
}

/** Text as the bytes of a body; the empty text as none. */
export async function* textBody(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield encoder.encode(text);
}
