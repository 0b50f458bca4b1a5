import type { Event } from '@client-ts/api/core/v1';
import { type Clock, LruMap } from '@client-ts/apimachinery';
import type { CompleteCorrelatorOptions } from './correlator-options.js';

/** Holds back events of a source that has too much to say about an object: a token bucket for each. */
export class SpamFilter {
  readonly #clock: Clock;
  readonly #key: (event: Event) => string;
  readonly #refillMs: number;
  readonly #burst: number;
  /** When each bucket was, or will be, empty as of the tokens taken so far. */
  readonly #emptyAt: LruMap<number>;

  constructor({ cacheSize, spamBurst, spamQps, spamKey }: CompleteCorrelatorOptions, clock: Clock) {
    this.#clock = clock;
    this.#key = spamKey;
    this.#burst = spamBurst;
    this.#refillMs = 1000 / spamQps;
    this.#emptyAt = new LruMap(cacheSize);
  }

  get size(): number {
    return this.#emptyAt.size;
  }

  /** Takes a token. Without one the event is spam. */
  isSpam(event: Event): boolean {
    const key = this.#key(event);
    const now = this.#clock.now();
    const full = now - this.#burst * this.#refillMs;
    // A clock that is set back must not bring years of silence: a bucket is never emptier than empty.
    const emptyAt = Math.min(Math.max(this.#emptyAt.get(key) ?? full, full), now);
    const next = emptyAt + this.#refillMs;
    this.#emptyAt.set(key, next <= now ? next : emptyAt);
    return next > now;
  }
}
