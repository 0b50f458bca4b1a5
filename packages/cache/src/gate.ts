/** Lets one waiter sleep until something happens. */
export class Gate {
  #promise: Promise<void> | undefined;
  #open: (() => void) | undefined;

  /** Resolves at the next {@link open}. */
  wait(): Promise<void> {
    this.#promise ??= new Promise((resolve) => {
      this.#open = resolve;
    });
    return this.#promise;
  }

  open(): void {
    this.#open?.();
    this.#promise = undefined;
    this.#open = undefined;
  }
}
