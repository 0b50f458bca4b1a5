/** What came of a creation was not known, and is by now: whoever looks again finds what there is. */
export class UnansweredWriteError extends Error {
  override readonly name = 'UnansweredWriteError';

  constructor() {
    super('a creation before this one was not answered; what came of it is known now, so it is worth to look again');
  }
}

/**
 * Creations under names that the server makes, and that it did not answer: whether there is such an object, neither the cache nor a
 * second creation tells. Nothing is created that way before somebody has looked.
 */
export class Doubt {
  readonly #find: () => Promise<void>;
  #raised = 0;
  #settled = 0;
  #settling: Promise<void> | undefined;

  /** @param find - looks for all that there is, and records it. */
  constructor(find: () => Promise<void>) {
    this.#find = find;
  }

  get any(): boolean {
    return this.#settled < this.#raised;
  }

  raise(): void {
    this.#raised++;
  }

  /** Looks, once for all who ask at the same time. Rejects when that fails; then there still is doubt. */
  async settle(): Promise<void> {
    this.#settling ??= this.#look();
    await this.#settling;
  }

  async #look(): Promise<void> {
    const raised = this.#raised;
    try {
      await this.#find();
      this.#settled = raised;
    } finally {
      this.#settling = undefined;
    }
  }
}
