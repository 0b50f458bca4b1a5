import type { ObjectKey } from './key.js';

/** An object that has its key and version at hand, and whose metadata may not be decoded before it is asked for. */
export abstract class UndecodedObject {
  abstract readonly key: ObjectKey;
  abstract readonly resourceVersion: string | undefined;
}
