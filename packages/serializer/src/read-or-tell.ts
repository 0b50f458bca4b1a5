import type { DecodeOptions, ObjectMeta, WatchEvent } from '@client-ts/apimachinery';
import { isUnknownFieldsError } from '@client-ts/apimachinery/errors';

/** Reads one object of a body. */
export type ReadObject<V> = (bytes: Uint8Array, start: number, end: number) => V;

/** The same; `undefined` for an object that cannot be read, after it was told. `type` is what a watch tells of it. */
export type ReadOrTell<V> = (
  bytes: Uint8Array,
  start: number,
  end: number,
  type?: WatchEvent<unknown>['type'],
) => V | undefined;

/**
 * Tells of objects that cannot be read, where somebody wants to know. Otherwise they are thrown; so are bookmarks, which are no
 * objects, and what another representation would have.
 *
 * @param metadataOf - reads as little of an object as is needed to name it.
 */
export function readOrTell<V>(
  read: ReadObject<V>,
  metadataOf: ReadObject<ObjectMeta>,
  { onUndecodable }: DecodeOptions,
): ReadOrTell<V> {
  if (!onUndecodable) return read;
  return (bytes, start, end, type) => {
    try {
      return read(bytes, start, end);
    } catch (error) {
      if (type === 'BOOKMARK' || isUnknownFieldsError(error)) throw error;
      onUndecodable({ error, type, metadata: attempt(() => metadataOf(bytes, start, end)) });
      return undefined;
    }
  };
}

function attempt<V>(read: () => V): V | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
