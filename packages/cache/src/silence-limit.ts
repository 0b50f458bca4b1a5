/** kube-apiserver sends a bookmark about every minute (KEP-956); a quarter more allows for its timers and the way. */
const BookmarkWithinMs = 75_000;

/**
 * Silences in a row, beside the last, that prove nothing where bookmarks come: while the way is broken, new connections are dead, too.
 * Beyond that the server may be another by now.
 */
const DeadInARow = 4;

/**
 * How long a watch may be silent before it counts as dead. As long as bookmarks take where they come; longer each time that
 * this was in vain: servers without watch cache send none at all, and kube-apiserver sends none of a resource of which it
 * has seen no change since it started.
 */
export class SilenceLimit {
  #ms = BookmarkWithinMs;
  /** How often it may be exceeded before it is longer. */
  #spared = 0;

  get ms(): number {
    return this.#ms;
  }

  /** A bookmark came, this long after the last sign of life. One that took longer says nothing about the next. */
  bookmark(afterMs: number): void {
    if (afterMs > BookmarkWithinMs) return;
    this.#ms = BookmarkWithinMs;
    this.#spared = DeadInARow;
  }

  /** A watch was given up for its silence. */
  exceeded(): void {
    if (this.#spared > 0) this.#spared--;
    else this.#ms *= 2;
  }
}
