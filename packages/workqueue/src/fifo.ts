/** How many items a chunk has: few enough that a queue of one item is small, and many enough that chunks cost nothing. */
const ChunkSize = 256;

interface Chunk<T> {
  readonly items: (T | undefined)[];
  next: Chunk<T> | undefined;
}

/**
 * First in, first out, in a list of chunks: adding and taking cost the same whatever the length, nothing is copied when it
 * grows, and memory is given back as it shrinks.
 */
export class Fifo<T> implements Iterable<T> {
  #head: Chunk<T> = newChunk();
  #tail = this.#head;
  /** Of the first item, in the first chunk. */
  #from = 0;
  /** Behind the last item, in the last chunk. */
  #to = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#to === ChunkSize) {
      this.#tail = this.#tail.next = newChunk();
      this.#to = 0;
    }
    this.#tail.items[this.#to++] = item;
    this.#length++;
  }

  /** The oldest item, or `undefined` when there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const { items, next } = this.#head;
    const item = items[this.#from];
    items[this.#from++] = undefined; // let it be collected
    this.#length--;
    if (this.#length === 0) this.#from = this.#to = 0;
    else if (this.#from === ChunkSize && next) {
      this.#head = next;
      this.#from = 0;
    }
    return item;
  }

  clear(): void {
    this.#head = this.#tail = newChunk();
    this.#from = this.#to = this.#length = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    let chunk: Chunk<T> | undefined = this.#head;
    let at = this.#from;
    for (let left = this.#length; left > 0 && chunk; left--) {
      yield chunk.items[at++] as T;
      if (at < ChunkSize) continue;
      chunk = chunk.next;
      at = 0;
    }
  }
}

function newChunk<T>(): Chunk<T> {
  return { items: new Array<T | undefined>(ChunkSize), next: undefined };
}
