import { parseJson, type WatchEvent } from '@client-ts/apimachinery';
import { isFailureStatus, StatusError } from '@client-ts/apimachinery/errors';
import { isPlainObject } from './decode-json.js';

/** What is told of an object. */
export function isChange(type: unknown): type is 'ADDED' | 'MODIFIED' | 'DELETED' {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
}

/** The stream of a watch is not what it should be. */
export class WatchDecodeError extends Error {
  override readonly name = 'WatchDecodeError';
}

/**
 * An event of what was parsed.
 *
 * @param what - is watched, for messages.
 * @throws StatusError for an ERROR event; WatchDecodeError for what is no event.
 */
export function watchEvent<T>(what: string, type: unknown, object: unknown): WatchEvent<T> {
  if (!isPlainObject(object)) {
    throw new WatchDecodeError(`${what}: got an event of type ${shown(type)} without object`);
  }
  if (isChange(type) || type === 'BOOKMARK') return { type, object } as WatchEvent<T>;
  if (type !== 'ERROR') throw new WatchDecodeError(`${what}: got invalid watch event type: ${shown(type)}`);
  if (isFailureStatus(object)) throw new StatusError(object);
  throw new WatchDecodeError(`${what}: got an ERROR event whose object is no Status`);
}

function shown(type: unknown): string {
  return typeof type === 'string' ? JSON.stringify(type) : typeof type;
}

/** @throws WatchDecodeError */
export function parseEvent(what: string, text: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    return parseJson(text) ?? {};
  } catch (cause) {
    throw new WatchDecodeError(`${what}: unable to decode an event: it is not JSON, or was cut off`, { cause });
  }
}
