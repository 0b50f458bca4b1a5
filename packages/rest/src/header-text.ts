import type { TransportRequest, TransportResponse } from './transport-request.js';

/** What a header value must not contain (RFC 9110 §5.5). */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const Control = /[\0-\x08\x0a-\x1f\x7f]/;

/** What is the same as text and as bytes, and may be sent. */
const Plain = /^[\t\u0020-\u007e]*$/;

/**
 * Headers as HTTP implementations of JavaScript take them: a character for each byte. Text beyond ASCII is sent as UTF-8,
 * as Go's clients and servers do.
 *
 * @throws TypeError for control characters. The message names the header and not the value, which may be a credential.
 */
export function encodeHeaders(headers: TransportRequest['headers']): Record<string, string | string[]> {
  return withValues(headers, encodeValue) as Record<string, string | string[]>;
}

/** The opposite of {@link encodeHeaders}; what is no UTF-8 stays as it is. */
export function decodeHeaders(headers: TransportResponse['headers']): TransportResponse['headers'] {
  return withValues(headers, decodeValue);
}

/** The same object when there is nothing to change. */
function withValues(
  headers: TransportResponse['headers'],
  change: (value: string, name: string) => string,
): TransportResponse['headers'] {
  if (isPlain(headers)) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? change(value, name) : value?.map((item) => change(item, name)),
    ]),
  );
}

/** Header objects that cannot change any more, and are plain. */
const plain = /* @__PURE__ */ new WeakSet<object>();

/** Whether text and bytes are the same, as nearly always. */
function isPlain(headers: TransportResponse['headers']): boolean {
  if (plain.has(headers)) return true;
  if (!arePlain(headers)) return false;
  // Lists may change all the same.
  if (Object.isFrozen(headers) && Object.values(headers).every((value) => typeof value === 'string'))
    plain.add(headers);
  return true;
}

function arePlain(headers: TransportResponse['headers']): boolean {
  for (const value of Object.values(headers)) {
    if (typeof value === 'string' ? !Plain.test(value) : value?.some((item) => !Plain.test(item))) return false;
  }
  return true;
}

function encodeValue(value: string, name: string): string {
  if (Control.test(value)) throw new TypeError(`the header ${name} may not contain control characters`);
  return String.fromCharCode(...new TextEncoder().encode(value));
}

function decodeValue(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (byte) => byte.charCodeAt(0)));
  } catch {
    return value; // some other encoding: the bytes, as characters, are all that is known
  }
}
