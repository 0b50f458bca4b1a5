/** kube-apiserver sends a bookmark about every minute (KEP-956); a quarter more allows for its timers and the way. */
export const BookmarkWithinMs = 75_000;

/** So many watches without a bookmark say that the server sends none. A broken connection is not met twice in a row. */
const SilencesToBelieve = 2;

/**
 * Whether a server sends bookmarks, learnt from its watches. Where it does, silence means that the connection is dead;
 * a server without watch cache may rightly be silent for hours.
 */
export class BookmarkHabit {
  #seen = false;
  #silences = 0;

  /** After this long without event or bookmark a watch is dead; `undefined`: silence says nothing. */
  get maxSilenceMs(): number | undefined {
    return this.#seen || this.#silences < SilencesToBelieve ? BookmarkWithinMs : undefined;
  }

  /** A bookmark came, this long after the last sign of life. */
  bookmark(afterMs: number): void {
    if (afterMs <= BookmarkWithinMs) this.#seen = true;
  }

  /** A watch was silent for too long. */
  silence(): void {
    this.#silences++;
  }
}
