import { Generations } from './generations.js';

export interface InterningOptions {
  /**
   * How many strings, and as many subtrees, are remembered at least; twice as many at most. Those that come again and again
   * stay, whatever else comes. Default: 4096, which is a megabyte or so, and as good as more for what pods have in common.
   */
  readonly maxEntries?: number | undefined;
}

/** What is nested deeper is left as it is. Deeper than any API, and far from the end of the stack. */
const MaxDepth = 64;
/** Longer strings are seldom equal, and take long to compare. */
const MaxLength = 1024;
/** Of what cannot be shared. */
const None = -1;

/**
 * A `transform` that lets objects share what they have in common: equal strings, and equal subtrees such as the tolerations,
 * volumes and conditions of pods. Pods without managed fields took a quarter of the heap, and twice the time that it takes to
 * parse them. One function is for one informer, or for several whose objects have much in common.
 *
 * What is shared must not be changed: it would change in other objects, too. `freeze` keeps from that.
 *
 * @throws RangeError when `maxEntries` is not a positive integer.
 */
export function interning<T>({ maxEntries = 4096 }: InterningOptions = {}): (object: T) => T {
  if (!(Number.isInteger(maxEntries) && maxEntries > 0))
    throw new RangeError(`maxEntries must be a positive integer, got ${maxEntries}`);
  const sharer = new Sharer(maxEntries);
  return (object) => sharer.share(object);
}

interface Interned {
  readonly text: string;
  readonly hash: number;
}

/**
 * Hash-consing: the children of a node are shared before it, so that two nodes are equal if their children are the same, and
 * a hash is made of those of the children. What is new is not worth remembering: a subtree is, when all its strings have been
 * seen before, which keeps out names, times and all that is above them.
 */
class Sharer {
  readonly #strings: Generations<string, Interned>;
  /** Hashes of property names. */
  readonly #names: Generations<string, number>;
  readonly #trees: Generations<number, object>;
  /** Of the value that was shared last, or `None`. */
  #hash = 0;
  #count = 0;

  constructor(maxEntries: number) {
    this.#strings = new Generations(maxEntries);
    this.#names = new Generations(maxEntries);
    this.#trees = new Generations(maxEntries);
  }

  /** The object itself is its own, and so its caller's: it is what it holds that is shared. */
  share<T>(object: T): T {
    if (typeof object !== 'object' || object === null) return object;
    this.#shareChildren(object, 0);
    this.#shareStrings(object);
    return object;
  }

  #shareValue(value: unknown, depth: number): unknown {
    if (typeof value === 'object' && value !== null) return this.#shareTree(value, depth);
    this.#hash = typeof value === 'string' ? this.#hashOfString(value) : hashOfPrimitive(value);
    return value;
  }

  #hashOfString(text: string): number {
    if (text.length > MaxLength) return None;
    const known = this.#strings.get(text);
    if (known) return known.hash;
    this.#strings.set(text, { text, hash: mix(0, ++this.#count) });
    return None;
  }

  #hashOfName(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const hash = mix(1, ++this.#count);
    this.#names.set(name, hash);
    return hash;
  }

  #shareTree(node: object, depth: number): object {
    if (depth >= MaxDepth) {
      this.#hash = None;
      return node;
    }
    const hash = this.#shareChildren(node, depth);
    this.#hash = hash;
    if (hash !== None) {
      const known = this.#trees.get(hash);
      if (known && sameChildren(known, node)) return known;
      this.#trees.set(hash, node);
    }
    this.#shareStrings(node);
    return node;
  }

  /** Of a node that stays. Most do not, which is why this comes last. */
  #shareStrings(node: object): void {
    if (Object.isFrozen(node)) return;
    const children = node as Properties;
    for (const key of Object.keys(children)) {
      const text = children[key];
      if (typeof text !== 'string' || text.length > MaxLength) continue;
      const known = this.#strings.get(text);
      if (known) children[key] = known.text;
    }
  }

  /** Returns the hash of the node. */
  #shareChildren(node: object, depth: number): number {
    return Array.isArray(node) ? this.#shareItems(node, depth) : this.#shareProperties(node as Properties, depth);
  }

  #shareItems(items: unknown[], depth: number): number {
    let hash = 1;
    let isNew = false;
    let writable: boolean | undefined;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      const shared = this.#shareValue(item, depth + 1);
      if (this.#hash === None) isNew = true;
      else hash = mix(hash, this.#hash);
      if (shared !== item && (writable ??= !Object.isFrozen(items))) items[at] = shared;
    }
    return isNew ? None : hash;
  }

  #shareProperties(properties: Properties, depth: number): number {
    let hash = 2;
    let isNew = false;
    let writable: boolean | undefined;
    // oxlint-disable-next-line guard-for-in -- JSON values have nothing inherited
    for (const key in properties) {
      const value = properties[key];
      const shared = this.#shareValue(value, depth + 1);
      if (this.#hash === None) isNew = true;
      else if (!isNew) hash = mix(mix(hash, this.#hash), this.#hashOfName(key));
      if (shared !== value && (writable ??= !Object.isFrozen(properties))) properties[key] = shared;
    }
    return isNew ? None : hash;
  }
}

type Properties = Record<string, unknown>;

function sameChildren(a: object, b: object): boolean {
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [ofA, ofB] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let left = 0;
  for (const key in ofA) {
    if (ofA[key] !== ofB[key]) return false;
    left++;
  }
  // oxlint-disable-next-line guard-for-in -- JSON values have nothing inherited
  for (const _ in ofB) left--;
  return left === 0;
}

/** `undefined` is not shared, so that a property that is missing is unlike any that is there. */
function hashOfPrimitive(value: unknown): number {
  if (typeof value === 'number') return mix(3, Math.trunc(value * 1024));
  if (typeof value === 'boolean') return value ? 4 : 5;
  return value === null ? 6 : None;
}

/** Never negative, as `None` is. */
function mix(hash: number, value: number): number {
  return Math.imul((hash << 7) ^ (hash >>> 3) ^ value, 0x9e3779b1) >>> 1;
}
