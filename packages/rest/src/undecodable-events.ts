import { type DecodeOptions, type ObjectMeta, parseJson, type WatchEvent } from '@client-ts/apimachinery';
import { attempt } from './attempt.js';
import { JsonOutline } from './json-outline.js';
import { isChange } from './watch-event.js';

/**
 * Reads events with `eventOf`. An object that cannot be decoded is told where somebody wants to know, and its event is
 * `undefined`, as long as the event is whole and says what it tells of it. What else is wrong is thrown.
 */
export function eventOrTell<V>(
  eventOf: (line: Uint8Array) => WatchEvent<V>,
  { onUndecodable }: DecodeOptions,
): (line: Uint8Array) => WatchEvent<V> | undefined {
  if (!onUndecodable) return eventOf;
  return (line) => {
    try {
      return eventOf(line);
    } catch (error) {
      const event = attempt(() => new JsonOutline(line, parseJson));
      const type = event?.member('type');
      if (!event || !isChange(type)) throw error;
      const object = event.part('object');
      onUndecodable({ error, type, metadata: object && metadataIn(object) });
      return undefined;
    }
  };
}

/** The metadata of an object of which other parts may be damaged. */
export function metadataIn(object: Uint8Array): ObjectMeta | undefined {
  return attempt(() => new JsonOutline(object, parseJson).member('metadata') as ObjectMeta | undefined);
}
