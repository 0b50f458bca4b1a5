import type { ObjectMeta } from './object.js';

/**
 * An object of a list or a watch that cannot be decoded, though what comes before and behind it can: a value in it is none of
 * its representation, or it is no object at all.
 */
export interface UndecodableObject {
  /** Why. Its message quotes nothing of the object, which may hold secrets. */
  readonly error: unknown;
  /** What a watch tells of it. `undefined` in a list. */
  readonly type?: 'ADDED' | 'MODIFIED' | 'DELETED' | undefined;
  /** Its metadata, where that could be read. From a server, and not looked at: `name` may be anything. */
  readonly metadata?: ObjectMeta | undefined;
}
