import { backoffDelays, type BackoffOptions, type Clock, sleep } from '@client-ts/apimachinery';
import { PodLogError, type LogSource } from './pod-log-error.js';
import { isFollowed, type LogOptions } from './pod-log-options.js';

const Growth: BackoffOptions = { durationMs: 800, factor: 2, capMs: 15_000, jitter: 1 };
/** Without `follow`: what is there can be had soon, or not at all. */
const Attempts = 5;

/** The pauses between attempts to go on with a log. */
export class LogPauses {
  readonly #source: LogSource;
  readonly #options: LogOptions;
  readonly #clock: Clock;
  #delays: Iterator<number>;
  #retry = 0;

  constructor(source: LogSource, options: LogOptions, clock: Clock) {
    this.#source = source;
    this.#options = options;
    this.#clock = clock;
    this.#delays = this.#start();
  }

  /** The log goes on: pauses begin anew. */
  reset(): void {
    if (this.#retry === 0) return;
    this.#retry = 0;
    this.#delays = this.#start();
  }

  /**
   * @param error - what made it necessary, if anything did.
   * @throws PodLogError when there were enough attempts.
   */
  async pause(signal: AbortSignal, error?: unknown): Promise<void> {
    const { done, value: delayMs } = this.#delays.next();
    if (done) throw new PodLogError(this.#source, `no answer in ${this.#retry + 1} attempts`, { cause: error });
    this.#retry++;
    const why = error === undefined ? {} : { error };
    this.#options.onRetry?.({ ...this.#source, retry: this.#retry, delayMs, ...why });
    await sleep(this.#clock, delayMs, signal);
  }

  #start(): Iterator<number> {
    const { backoff = Growth } = this.#options;
    const steps = backoff.steps ?? (isFollowed(this.#options) ? Infinity : Attempts);
    return backoffDelays({ ...backoff, steps }, () => this.#clock.random());
  }
}
