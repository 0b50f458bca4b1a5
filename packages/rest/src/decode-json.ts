import { parseJson } from '@client-ts/apimachinery';

/** An answer that is not what was asked for, though its status says success. */
export class ResponseDecodeError extends Error {
  override readonly name = 'ResponseDecodeError';
}

/** Enough to recognise the page of a proxy. */
const QuotedLength = 100;

/**
 * The value of a body of JSON.
 *
 * @param what - was asked for, such as `GET pods "web"`.
 * @throws ResponseDecodeError
 */
export function decodeJson(what: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    // What begins as an object may hold secrets: it is not quoted.
    const began = text.startsWith('{')
      ? 'it ends too early, or is damaged'
      : JSON.stringify(text.slice(0, QuotedLength));
    throw new ResponseDecodeError(`${what}: the answer is not JSON: ${began}`, { cause });
  }
}

/** @throws ResponseDecodeError when the value is no object. */
export function expectObject(what: string, value: unknown): object {
  if (isPlainObject(value)) return value;
  const got =
    value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new ResponseDecodeError(`${what}: the answer should be an object, got ${got}`);
}

export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
