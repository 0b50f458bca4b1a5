import type { Work, WorkSource } from './work.js';

type Result<T, R> = IteratorResult<Work<T, R>, undefined>;

/**
 * One worker's way through a queue. Its item is done at the latest when it asks for the next, or is left. Leaving it while it
 * waits ends the wait: it takes nothing.
 */
export class WorkLoop<T, R> implements AsyncIterableIterator<Work<T, R>, undefined, void> {
  readonly #source: WorkSource<T, R>;
  #current: Work<T, R> | undefined;
  #wake: (() => void) | undefined;
  #left = false;

  constructor(source: WorkSource<T, R>) {
    this.#source = source;
  }

  /** Must not be called before the last one has resolved. */
  next(): Promise<Result<T, R>> {
    this.#finish();
    const result = this.#take();
    return result ? Promise.resolve(result) : this.#later();
  }

  return(): Promise<Result<T, R>> {
    this.#left = true;
    this.#finish();
    if (this.#wake) this.#source.cancel(this.#wake);
    this.#wake?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Result<T, R> | undefined {
    if (this.#left) return { value: undefined, done: true };
    const work = this.#source.take();
    if (!work) return this.#source.ended() ? { value: undefined, done: true } : undefined;
    this.#current = work;
    return { value: work, done: false };
  }

  async #later(): Promise<Result<T, R>> {
    let place: number | undefined;
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        place = this.#source.wait(resolve, place);
      });
      this.#wake = undefined;
      if (this.#left) this.#source.passOn();
      const result = this.#take();
      if (result) return result;
    }
  }

  #finish(): void {
    this.#current?.[Symbol.dispose]();
    this.#current = undefined;
  }
}
