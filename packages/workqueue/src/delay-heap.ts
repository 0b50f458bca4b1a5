interface Entry<T> {
  readonly item: T;
  readyAt: number;
  readonly order: number;
  position: number;
}

/** Items by the time at which they are ready: a binary heap that knows the place of each item. */
export class DelayHeap<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #entries = new Map<T, Entry<T>>();
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the first item is ready, or `undefined`. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.readyAt;
  }

  /** An item that is there already keeps the earlier of the two times. */
  add(item: T, readyAt: number): void {
    const existing = this.#entries.get(item);
    if (existing) {
      if (readyAt >= existing.readyAt) return;
      existing.readyAt = readyAt;
      this.#up(existing);
      return;
    }
    const entry: Entry<T> = { item, readyAt, order: this.#order++, position: this.#heap.length };
    this.#entries.set(item, entry);
    this.#heap.push(entry);
    this.#up(entry);
  }

  /** Takes the first item that is ready at `now`. Items may be anything, so the result is wrapped. */
  take(now: number): { readonly item: T } | undefined {
    const first = this.#heap[0];
    if (!first || first.readyAt > now) return undefined;
    this.#entries.delete(first.item);
    const last = this.#heap.pop();
    if (last && last !== first) {
      this.#place(last, 0);
      this.#down(last);
    }
    return first;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#entries.clear();
  }

  #up(entry: Entry<T>): void {
    while (entry.position > 0) {
      const parentAt = (entry.position - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (!parent || !before(entry, parent)) return;
      this.#place(parent, entry.position);
      this.#place(entry, parentAt);
    }
  }

  #down(entry: Entry<T>): void {
    for (;;) {
      const left = this.#heap[2 * entry.position + 1];
      const right = this.#heap[2 * entry.position + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || !before(child, entry)) return;
      const at = entry.position;
      this.#place(entry, child.position);
      this.#place(child, at);
    }
  }

  #place(entry: Entry<T>, position: number): void {
    this.#heap[position] = entry;
    entry.position = position;
  }
}

function before<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.readyAt < b.readyAt || (a.readyAt === b.readyAt && a.order < b.order);
}
