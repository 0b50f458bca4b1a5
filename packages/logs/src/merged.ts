/** Values of many sources, in the order in which they come. Memory is bounded: of each source one value waits at most. */
export class Merged<T> {
  readonly #maxSources: number;
  /** Values that have come, each with what lets its source go on. */
  readonly #ready: { readonly value: T; readonly taken: () => void }[] = [];
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #isComplete = false;
  #isClosed = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** @param maxSources - that are read at the same time; others wait for their turn. */
  constructor(maxSources: number) {
    this.#maxSources = maxSources;
  }

  /** Whether a source that is added now has to wait. */
  get isFull(): boolean {
    return this.#running >= this.#maxSources;
  }

  /** No source is read, and none waits. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** @param read - must not throw: what happens to one source is not the matter of the others. */
  add(read: () => AsyncIterable<T>): void {
    const run = async (): Promise<void> => {
      try {
        for await (const value of read()) await this.#offer(value);
      } catch (error) {
        this.fail(error);
      }
    };
    if (this.isFull) this.#waiting.push(run);
    else this.#start(run);
  }

  /** No more sources are going to be added: the values end when those that there are have. May be taken back before that. */
  set isComplete(isComplete: boolean) {
    this.#isComplete = isComplete;
    this.#wake?.();
  }

  /** The values end with this error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** Leaving the iteration lets all sources go on, and nobody hears of what they give: their signal has to end them. */
  async *values(): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        if (this.#failure) throw this.#failure.error;
        const next = this.#ready.shift();
        if (next) {
          yield next.value;
          next.taken();
        } else if (this.#isComplete && this.isIdle) {
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.#isClosed = true;
      for (const { taken } of this.#ready) taken();
    }
  }

  #start(run: () => Promise<void>): void {
    this.#running++;
    void this.#perform(run);
  }

  async #perform(run: () => Promise<void>): Promise<void> {
    await run();
    const next = this.#waiting.shift();
    if (next) void this.#perform(next);
    else this.#running--;
    this.#wake?.();
  }

  #offer(value: T): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((taken) => {
      this.#ready.push({ value, taken });
      this.#wake?.();
    });
  }
}
