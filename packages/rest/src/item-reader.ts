/** What an object is, when it does not say so itself. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What becomes of the items of a list: they are parsed, or stay bytes. */
export interface ItemReader<V> {
  /**
   * Takes the JSON of an item; the tail is what is behind a part that was left out, and may be empty. They are there for the
   * time of the call only. Gives `undefined` for what is no object; throws for what is no JSON.
   */
  fromBytes(head: Uint8Array, tail: Uint8Array, type: TypeMeta): V | undefined;
  /** Takes an item that had to be parsed together with the list. */
  fromValue(item: object, type: TypeMeta): V;
}
