import type { WatchEvent } from '@client-ts/apimachinery';
import { type Status, StatusError } from '@client-ts/apimachinery/errors';
import { LineSplitter } from './line-splitter.js';

/** Larger than any object that etcd takes, with room for its encoding; client-go's limit. */
const MaxFrameBytes = 16 * 1024 * 1024;

/** The stream of a watch is not what it should be. */
export class WatchDecodeError extends Error {
  override readonly name = 'WatchDecodeError';
}

/**
 * Decodes the body of a watch: one JSON event a line.
 *
 * Ends when the body ends after a complete line. Throws a `StatusError` for an ERROR event, and a
 * {@link WatchDecodeError} for anything that is no event, a last line that was cut off included.
 */
export async function* watchEvents<T>(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent<T>, void, void> {
  const splitter = new LineSplitter(MaxFrameBytes);
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    for (const line of splitter.push(chunk)) {
      if (line.length > 0) yield decodeEvent<T>(decoder.decode(line));
    }
  }
  const rest = decoder.decode(splitter.rest());
  if (rest.trim() !== '') yield decodeEvent<T>(rest);
}

function decodeEvent<T>(text: string): WatchEvent<T> {
  let event: { type?: unknown; object?: unknown };
  try {
    event = JSON.parse(text) as { type?: unknown; object?: unknown };
  } catch (cause) {
    throw new WatchDecodeError('unable to decode an event from the watch stream: it is not JSON, or was cut off', {
      cause,
    });
  }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      if (typeof event.object !== 'object' || event.object === null) {
        throw new WatchDecodeError(`the watch stream sent an event of type ${event.type} without object`);
      }
      return event as WatchEvent<T>;
    case 'ERROR':
      throw new StatusError(event.object as Status);
    default:
      throw new WatchDecodeError(`got invalid watch event type: ${JSON.stringify(event.type)}`);
  }
}
