import { type Clock, onAbort, realClock } from '@client-ts/apimachinery';

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
  readonly #unlink: (() => void) | undefined;

  /** @throws RangeError for a negative time. */
  constructor({ signal, timeoutMs = 0, clock = realClock }: LimitOptions) {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs: expected milliseconds from 0 on, got ${timeoutMs}`);
    this.#signal = signal;
    this.#clock = clock;
    let exceed: (reason: unknown) => void = () => undefined;
    this.#exceeded = new Promise((_, reject) => (exceed = reject));
    this.#unlink = signal && onAbort(signal, () => exceed(signal.reason));
    const late = (): void => exceed(new UntilTimeoutError(`the condition was not met within ${timeoutMs} ms`));
    if (timeoutMs > 0) this.#timer = clock.setTimeout(late, timeoutMs);
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
    this.#unlink?.();
  }
}
