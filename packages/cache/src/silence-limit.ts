/** kube-apiserver sends a bookmark about every minute (KEP-956); a quarter more allows for its timers and the way. */
const BookmarkWithinMs = 75_000;

/**
 * How long a watch may be silent before it counts as dead. As long as bookmarks take where they come; longer each time that
 * this was in vain: servers without watch cache send none at all, and kube-apiserver sends none of a resource of which it
 * has seen no change since it started.
 */
export class SilenceLimit {
  #ms = BookmarkWithinMs;

  get ms(): number {
    return this.#ms;
  }

  /** A bookmark came, this long after the last sign of life. One that took longer says nothing about the next. */
  bookmark(afterMs: number): void {
    if (afterMs <= BookmarkWithinMs) this.#ms = BookmarkWithinMs;
  }

  /** A watch was given up for its silence. */
  exceeded(): void {
    this.#ms *= 2;
  }
}
