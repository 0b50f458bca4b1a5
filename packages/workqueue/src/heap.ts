/** What a heap holds: it notes in each where it is. */
export interface HeapNode {
  /** Lower ones come first. To be changed only by {@link Heap.raise}. */
  rank: number;
  /** Of those with the same rank, lower ones come first. */
  readonly order: number;
  position: number;
}

/**
 * A binary heap that knows the place of each node, so that one can be moved or taken out from anywhere. Ranks are kept beside the
 * nodes: most comparisons need to look at no node.
 */
export class Heap<N extends HeapNode> {
  readonly #nodes: N[] = [];
  readonly #ranks: number[] = [];

  get size(): number {
    return this.#nodes.length;
  }

  get first(): N | undefined {
    return this.#nodes[0];
  }

  push(node: N): void {
    this.#nodes.push(node);
    this.#ranks.push(node.rank);
    this.#up(node, this.#nodes.length - 1);
  }

  shift(): N | undefined {
    const first = this.#nodes[0];
    if (first) this.remove(first);
    return first;
  }

  /** Lowers the rank of a node, so that it comes earlier. */
  raise(node: N, rank: number): void {
    node.rank = rank;
    this.#up(node, node.position);
  }

  /** @param node - is in the heap. */
  remove(node: N): void {
    const last = this.#nodes.pop() as N;
    this.#ranks.pop();
    if (last === node) return;
    this.#up(last, this.#down(last, node.position));
  }

  clear(): void {
    this.#nodes.length = 0;
    this.#ranks.length = 0;
  }

  /** All, as they would come. */
  sorted(): N[] {
    // Two that never come have no difference.
    return this.#nodes.toSorted((one, other) =>
      one.rank === other.rank ? one.order - other.order : one.rank - other.rank,
    );
  }

  /** Finds a place for a node on the way from a free one to the first. */
  #up(node: N, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(node, parent)) break;
      this.#place(this.#nodes[parent] as N, at);
      at = parent;
    }
    this.#place(node, at);
  }

  /** Finds a free place for a node, on the way from one to the last. */
  #down(node: N, from: number): number {
    const { length } = this.#nodes;
    let at = from;
    for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && this.#comesFirst(child + 1, child)) child++;
      if (this.#isBefore(node, child)) break;
      this.#place(this.#nodes[child] as N, at);
      at = child;
    }
    return at;
  }

  #comesFirst(one: number, other: number): boolean {
    const rank = this.#ranks[one] as number;
    const otherRank = this.#ranks[other] as number;
    return rank < otherRank || (rank === otherRank && (this.#nodes[one] as N).order < (this.#nodes[other] as N).order);
  }

  #isBefore(node: N, position: number): boolean {
    const { rank } = node;
    const other = this.#ranks[position] as number;
    return rank < other || (rank === other && node.order < (this.#nodes[position] as N).order);
  }

  #place(node: N, position: number): void {
    this.#nodes[position] = node;
    this.#ranks[position] = node.rank;
    node.position = position;
  }
}
