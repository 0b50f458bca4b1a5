/** A value as of one change. */
export interface Entry<V> {
  readonly key: string;
  readonly value: V;
  /** Of the change that made the value what it is. */
  readonly revision: number;
}

/** One change of one key. */
export interface Change<V> {
  readonly key: string;
  readonly revision: number;
  /** The new value; for a deletion the last one. */
  readonly value: V;
  /** What was there before. */
  readonly previous: V | undefined;
  readonly deleted: boolean;
}
