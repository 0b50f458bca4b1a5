/** Numbers in the order in which they came, in eight bytes each. */
export class NumberList {
  #numbers = new Float64Array(64);
  #length = 0;

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = number;
  }

  /** How often each is there. */
  counts(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const number of this.#numbers.subarray(0, this.#length)) counts.set(number, (counts.get(number) ?? 0) + 1);
    return counts;
  }
}
