interface Place<T> {
  readonly item: T;
  waits: boolean;
  previous: Place<T> | undefined;
  next: Place<T> | undefined;
}

/**
 * Items in the order in which they came; any of them may leave at any time, at no cost for the others.
 *
 * A `Set` would do but for V8: the tables that it outgrows keep what was in them from being collected soon, which doubled the
 * cost of garbage collection here.
 */
export class Line<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  get isEmpty(): boolean {
    return !this.#first;
  }

  /** @returns a function that leaves the line; it does nothing for what has left. */
  join(item: T): () => void {
    const place: Place<T> = { item, waits: true, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = place;
    else this.#first = place;
    this.#last = place;
    return () => {
      if (place.waits) this.#remove(place);
    };
  }

  /** Takes what has been in the line for longest. */
  next(): T | undefined {
    const place = this.#first;
    if (place) this.#remove(place);
    return place?.item;
  }

  /** What is in the line now. */
  items(): T[] {
    const items: T[] = [];
    for (let place = this.#first; place; place = place.next) items.push(place.item);
    return items;
  }

  #remove(place: Place<T>): void {
    const { previous, next } = place;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    place.waits = false;
    // Or else what has left would keep each other from being collected soon.
    place.previous = undefined;
    place.next = undefined;
  }
}
