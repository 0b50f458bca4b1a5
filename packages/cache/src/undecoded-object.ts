/** An object that has its key and version at hand, and whose metadata may not be decoded before it is asked for. */
export abstract class UndecodedObject {
  /** An `ObjectKey`. */
  abstract readonly key: string;
  abstract readonly resourceVersion: string | undefined;
}
