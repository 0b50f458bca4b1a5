/** Those who wait for something, whoever waits longest first. Who is woken and finds nothing gets back the place it had. */
export class WaitingLine {
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>();
  /** Those who were woken for nothing, in order: each of them came before all of the above. */
  #returned: { readonly place: number; readonly wake: () => void }[] = [];
  #places = 0;

  get length(): number {
    return this.#waiting.size + this.#returned.length;
  }

  /**
   * Waits for one call of `wake`, in a new place or in that which an earlier wait gave.
   *
   * @returns the place.
   */
  add(wake: () => void, place?: number): number {
    if (place === undefined) {
      this.#waiting.add(wake);
      return this.#places++;
    }
    let at = this.#returned.length;
    while (at > 0 && this.#returned[at - 1]!.place > place) at--;
    this.#returned.splice(at, 0, { place, wake });
    return place;
  }

  delete(wake: () => void): void {
    if (this.#waiting.delete(wake)) return;
    this.#returned = this.#returned.filter((each) => each.wake !== wake);
  }

  wakeFirst(): void {
    const returned = this.#returned.shift();
    if (returned) return returned.wake();
    for (const wake of this.#waiting) {
      this.#waiting.delete(wake);
      return wake();
    }
  }

  wakeAll(): void {
    for (const { wake } of this.#returned) wake();
    for (const wake of this.#waiting) wake();
    this.#returned = [];
    this.#waiting.clear();
  }
}
