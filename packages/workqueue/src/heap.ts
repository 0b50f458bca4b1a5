/** What a heap holds: it notes in each where it is. */
export interface HeapNode {
  position: number;
}

/** A binary heap that knows the place of each node, so that one can be moved or taken out from anywhere. */
export class Heap<N extends HeapNode> implements Iterable<N> {
  readonly #nodes: N[] = [];
  readonly #before: (one: N, other: N) => boolean;

  /** @param before - a strict order. */
  constructor(before: (one: N, other: N) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#nodes.length;
  }

  get first(): N | undefined {
    return this.#nodes[0];
  }

  push(node: N): void {
    node.position = this.#nodes.length;
    this.#nodes.push(node);
    this.raise(node);
  }

  shift(): N | undefined {
    const first = this.#nodes[0];
    if (first) this.remove(first);
    return first;
  }

  /** The node is to come earlier than it was. */
  raise(node: N): void {
    let { position } = node;
    while (position > 0) {
      const parentAt = (position - 1) >> 1;
      const parent = this.#nodes[parentAt] as N;
      if (!this.#before(node, parent)) break;
      this.#place(parent, position);
      position = parentAt;
    }
    this.#place(node, position);
  }

  /** @param node - is in the heap. */
  remove(node: N): void {
    const last = this.#nodes.pop() as N;
    if (last === node) return;
    last.position = node.position;
    this.#lower(last);
    this.raise(last);
  }

  clear(): void {
    this.#nodes.length = 0;
  }

  /** In no order. */
  [Symbol.iterator](): Iterator<N> {
    return this.#nodes[Symbol.iterator]();
  }

  #lower(node: N): void {
    const { length } = this.#nodes;
    let { position } = node;
    for (let at = 2 * position + 1; at < length; at = 2 * position + 1) {
      let child = this.#nodes[at] as N;
      const right = this.#nodes[at + 1];
      if (right && this.#before(right, child)) child = right;
      if (!this.#before(child, node)) break;
      const from = child.position;
      this.#place(child, position);
      position = from;
    }
    this.#place(node, position);
  }

  #place(node: N, position: number): void {
    this.#nodes[position] = node;
    node.position = position;
  }
}
