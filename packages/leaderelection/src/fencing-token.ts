/**
 * Names one term of one leader.
 *
 * Every term begins with an update of the lock under its resource version, which counts `transitions` up. So a later term has a
 * greater number, no two terms have the same, and a writer that compares can refuse what a former leader still sends: see
 * {@link isFencedOff}. That holds for one lock from its creation on; whoever deletes it while nobody runs begins anew. And it
 * holds among electors of this package: client-go's leave the number as it is when the same identity comes back.
 */
export interface FencingToken {
  /** What the lock says of itself: `namespace/name`. */
  readonly lock: string;
  readonly transitions: number;
  readonly holder: string;
}

/**
 * Whether the term of `own` is over for what was last written with `stored`: a later leader has written to it. The writer has to
 * store its own token with what it writes, in one step with the comparison, as under a resource version.
 *
 * @throws TypeError when the tokens are of different locks.
 */
export function isFencedOff(own: FencingToken, stored: FencingToken | undefined): boolean {
  if (!stored) return false;
  if (stored.lock !== own.lock)
    throw new TypeError(
      `expected a fencing token of ${JSON.stringify(own.lock)}, got one of ${JSON.stringify(stored.lock)}`,
    );
  return (
    stored.transitions > own.transitions || (stored.transitions === own.transitions && stored.holder !== own.holder)
  );
}
