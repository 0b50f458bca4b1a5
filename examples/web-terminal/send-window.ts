/** Lets a sender go on only while no more than so many bytes are on the way. */
export class SendWindow {
  readonly #limit: number;
  #underWay = 0;
  #wake: () => void = () => {};
  #isLeft = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when so many bytes may be sent, and at once when nobody is there any more; one sender at a time. */
  async take(bytes: number): Promise<void> {
    while (!this.#isLeft && this.#underWay + bytes > this.#limit) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#underWay += bytes;
  }

  /**
   * The other side has taken so many of what was sent.
   *
   * @throws RangeError when that is more than there was.
   */
  give(bytes: number): void {
    if (bytes > this.#underWay) throw new RangeError(`${bytes} bytes were taken of ${this.#underWay} that were sent`);
    this.#underWay -= bytes;
    this.#wake();
  }

  /** There is no other side any more, and nothing to wait for. */
  leave(): void {
    this.#isLeft = true;
    this.#wake();
  }
}

/** Bytes in pieces of no more than `max`. */
export function* pieces<B extends ArrayBufferLike>(bytes: Uint8Array<B>, max: number): Generator<Uint8Array<B>> {
  for (let start = 0; start < bytes.length; start += max) yield bytes.subarray(start, start + max);
}
