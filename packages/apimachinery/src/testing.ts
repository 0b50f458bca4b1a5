import type { Clock } from './clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Virtual time. Nothing happens until {@link advance} is called; then timers run in the order in which they are due, and
 * promises settle in between.
 */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  #seed: number;
  readonly #timers = new Set<Timer>();

  /**
   * @param start - first reading, in milliseconds since the epoch. Default: 2020-01-01.
   * @param seed - of the random numbers, which are the same in every run.
   */
  constructor(start: number = Date.UTC(2020, 0, 1), seed = 1) {
    this.#now = start;
    this.#seed = seed;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + Math.max(ms, 0), order: this.#order++, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** A small generator (mulberry32): good enough to spread delays, and reproducible. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** How many timers wait. 0 at the end of a test means that none was left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due, or `undefined` when none waits. */
  get untilNext(): number | undefined {
    const next = this.#next();
    return next && Math.max(next.at - this.#now, 0);
  }

  /**
   * Moves time on by `ms`, running what comes due. Resolves when everything that followed from it has settled.
   *
   * @throws what a timer's callback throws; time then stands where it was due.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`advance: expected milliseconds from 0 on, got ${ms}`);
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#next(); timer && timer.at <= end; timer = this.#next()) {
      this.#now = Math.max(this.#now, timer.at);
      this.#timers.delete(timer);
      timer.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** Lets pending promises, and what the event loop has ready, run. No time passes for a {@link FakeClock}. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

/** By a message to itself, since timers wait for a millisecond at least. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
