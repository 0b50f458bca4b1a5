import { Fifo } from './fifo.js';
import { FifoQueue } from './fifo-queue.js';
import type { ReadyQueue } from './ready-queue.js';

export interface FairQueueOptions<K, T> {
  /**
   * The class of an item, such as its namespace. That of when the item was added counts until it is done. Items without a class,
   * `undefined`, are one, too.
   */
  readonly classOf: (item: T) => string | undefined;
  /**
   * How many items of a class may be worked on at the same time; at least 1. Default: any number, since it is the number of
   * workers that limits all.
   */
  readonly concurrency?: number | ((classOfItem: string | undefined) => number) | undefined;
  /** Makes what orders the items of one class. Default: {@link FifoQueue}. */
  readonly queue?: (() => ReadyQueue<K, T>) | undefined;
}

interface Class<K, T> {
  readonly name: string | undefined;
  readonly queue: ReadyQueue<K, T>;
  readonly concurrency: number;
  /** Taken and not done. */
  active: number;
  /** Whether its turn comes. */
  inTurn: boolean;
}

/**
 * Takes turns among classes of items, so that none with many keeps others waiting: a class that has one item waits for at most
 * one of each other class.
 */
export class FairQueue<K, T = K> implements ReadyQueue<K, T> {
  readonly #options: FairQueueOptions<K, T>;
  /** Those that have items, waiting or taken. */
  readonly #classes = new Map<string | undefined, Class<K, T>>();
  /** Those of which something can be taken, in the order of their turns. */
  readonly #turns = new Fifo<Class<K, T>>();
  /** Of keys from when they are added until they are done. */
  readonly #classOfKey = new Map<K, Class<K, T>>();
  #length = 0;

  constructor(options: FairQueueOptions<K, T>) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  get available(): boolean {
    return this.#turns.length > 0;
  }

  has(key: K): boolean {
    return this.#classOfKey.get(key)?.queue.has(key) ?? false;
  }

  /** @throws RangeError when the `concurrency` of its class is no positive number. */
  add(key: K, item: T, priority: number): boolean {
    const known = this.#classOfKey.get(key);
    if (known) {
      known.queue.add(key, item, priority);
      return false;
    }
    const own = this.#class(this.#options.classOf(item));
    own.queue.add(key, item, priority);
    this.#classOfKey.set(key, own);
    this.#length++;
    this.#takeTurns(own);
    return true;
  }

  take(): K {
    const next = this.#turns.shift() as Class<K, T>;
    next.inTurn = false;
    const key = next.queue.take();
    next.active++;
    this.#length--;
    this.#takeTurns(next);
    return key;
  }

  done(key: K): void {
    const own = this.#classOfKey.get(key);
    if (!own) return;
    this.#classOfKey.delete(key);
    own.active--;
    own.queue.done?.(key);
    this.#takeTurns(own);
    if (own.active === 0 && own.queue.length === 0) this.#classes.delete(own.name);
  }

  /** What has been taken still counts. */
  clear(): void {
    for (const own of this.#classes.values()) {
      for (const key of own.queue) this.#classOfKey.delete(key);
      own.queue.clear();
      own.inTurn = false;
      if (own.active === 0) this.#classes.delete(own.name);
    }
    this.#turns.clear();
    this.#length = 0;
  }

  /** As if no class ever reached its limit. */
  *[Symbol.iterator](): Iterator<K> {
    const waiting = new Set([...this.#turns, ...this.#classes.values()]);
    let left = [...waiting].map(({ queue }) => queue[Symbol.iterator]());
    while (left.length > 0) {
      const round = left.map((keys) => ({ keys, next: keys.next() })).filter(({ next }) => !next.done);
      for (const { next } of round) yield next.value;
      left = round.map(({ keys }) => keys);
    }
  }

  #class(name: string | undefined): Class<K, T> {
    const known = this.#classes.get(name);
    if (known) return known;
    const { concurrency = Infinity, queue = () => new FifoQueue<K, T>() } = this.#options;
    const limit = typeof concurrency === 'function' ? concurrency(name) : concurrency;
    if (!(limit >= 1)) throw new RangeError(`concurrency: expected at least 1, got ${limit} for class ${String(name)}`);
    const made = { name, queue: queue(), concurrency: limit, active: 0, inTurn: false };
    this.#classes.set(name, made);
    return made;
  }

  #takeTurns(own: Class<K, T>): void {
    if (own.inTurn || own.active >= own.concurrency || !own.queue.available) return;
    own.inTurn = true;
    this.#turns.push(own);
  }
}
