import { abortable, type Clock, realClock, sleep } from '@client-ts/apimachinery';
import type { RateLimiter } from './config.js';

/** A token bucket: `burst` at once, refilled by `qps` a second. Waiters are served in the order of arrival. */
export class TokenBucket implements RateLimiter {
  readonly #clock: Clock;
  readonly #qps: number;
  readonly #burst: number;
  /** When the bucket was empty as of the tokens handed out so far; in milliseconds of the clock. */
  #emptyAt: number;
  /** Done when whoever came last is served, or has left. */
  #last: Promise<void> = Promise.resolve();

  /** @throws RangeError when `qps` is not positive, or `burst` below 1. */
  constructor(qps: number, burst: number, clock: Clock = realClock) {
    if (!(qps > 0)) throw new RangeError(`config.qps: expected a positive number, got ${qps}`);
    if (!(burst >= 1)) throw new RangeError(`config.burst: expected at least 1, got ${burst}`);
    this.#clock = clock;
    this.#qps = qps;
    this.#burst = burst;
    this.#emptyAt = clock.now() - (burst / qps) * 1000;
  }

  /** Takes a token, waiting for it if need be. Rejects with `signal.reason` when aborted: others then take the token. */
  take(signal?: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#serve(signal));
    this.#last = turn.catch(() => {});
    return abortable(turn, signal);
  }

  async #serve(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const now = this.#clock.now();
    const fullSince = now - (this.#burst / this.#qps) * 1000;
    const earnedAt = Math.max(this.#emptyAt, fullSince) + 1000 / this.#qps;
    if (earnedAt > now) await sleep(this.#clock, earnedAt - now, signal);
    this.#emptyAt = earnedAt;
  }
}
