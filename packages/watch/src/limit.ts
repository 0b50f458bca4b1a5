import { type Clock, realClock } from '@client-ts/apimachinery';

/** What was waited for did not happen in time. */
export class UntilTimeoutError extends Error {
  override readonly name = 'UntilTimeoutError';
}

export interface LimitOptions {
  /** Ends the wait, which rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which to give up, from 0 on; 0: none. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/** The limits of a wait. */
export class Limit implements Disposable {
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #exceeded: Promise<never>;
  #timer: unknown;
  #onAbort: (() => void) | undefined;

  /** @throws RangeError for a negative time. */
  constructor({ signal, timeoutMs = 0, clock = realClock }: LimitOptions) {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs: expected milliseconds from 0 on, got ${timeoutMs}`);
    this.#signal = signal;
    this.#clock = clock;
    this.#exceeded = new Promise((_, reject) => {
      this.#onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', this.#onAbort, { once: true });
      if (signal?.aborted) this.#onAbort();
      const late = (): void => reject(new UntilTimeoutError(`the condition was not met within ${timeoutMs} ms`));
      if (timeoutMs > 0) this.#timer = clock.setTimeout(late, timeoutMs);
    });
    this.#exceeded.catch(() => undefined);
  }

  /**
   * Settles as what `begin` begins does, unless a limit is exceeded first. What becomes of it then is of no interest; when the
   * signal has aborted before, nothing is begun.
   */
  async race<V>(begin: () => Promise<V>): Promise<V> {
    this.#signal?.throwIfAborted();
    const work = begin();
    work.catch(() => undefined);
    return Promise.race([this.#exceeded, work]);
  }

  [Symbol.dispose](): void {
    this.#clock.clearTimeout(this.#timer);
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
