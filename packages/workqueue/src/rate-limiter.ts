/** Says how long an item has to wait. */
export interface RateLimiter<T> {
  /** Milliseconds before the item may be worked on; counts as one more failure of it. */
  when(item: T): number;
  /** The item is done with: its failures are forgotten. */
  forget(item: T): void;
  /** How many failures of the item are remembered. */
  numRequeues(item: T): number;
}
