import { type Clock, compareResourceVersion } from '@client-ts/apimachinery';

/** The cache did not reach a version in time. */
export class FreshAsTimeoutError extends Error {
  override readonly name = 'FreshAsTimeoutError';
}

export interface FreshAsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which to give up. Default: none. */
  readonly timeoutMs?: number | undefined;
}

interface Waiter {
  readonly version: string;
  readonly settle: (error?: unknown) => void;
}

/** Those who wait until a cache is as new as a version. */
export class FreshAs {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  /** The version that was reached; `""` when there is none. */
  #reached = '';
  #stopped = false;

  /** @param name - of what is cached, for messages. */
  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /** What the cache holds is as of this version, which may be older than the last; `""`: as of none. */
  reached(version: string): void {
    this.#reached = version;
    for (const { version: wanted, settle } of this.#waiters) {
      try {
        if (this.#has(wanted)) settle();
      } catch (error) {
        settle(error);
      }
    }
  }

  /** Nothing more will be reached. */
  stop(): void {
    this.#stopped = true;
    for (const { version, settle } of this.#waiters) settle(this.#stoppedBefore(version));
  }

  /**
   * Resolves when a version has been reached.
   *
   * Rejects with `signal.reason`, with {@link FreshAsTimeoutError}, with an Error when the cache stops first, and with a
   * RangeError when the version, or the one that the cache is as of, cannot be compared.
   */
  async wait(version: string, { signal, timeoutMs }: FreshAsOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    // Throws for what could never be reached.
    compareResourceVersion(version, version);
    if (this.#has(version)) return;
    if (this.#stopped) throw this.#stoppedBefore(version);
    let timer: unknown;
    let onAbort: (() => void) | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
        waiter = { version, settle };
        this.#waiters.add(waiter);
        if (signal) {
          onAbort = () => settle(signal.reason);
          signal.addEventListener('abort', onAbort, { once: true });
        }
        if (timeoutMs !== undefined)
          timer = this.#clock.setTimeout(() => settle(this.#late(version, timeoutMs)), timeoutMs);
      });
    } finally {
      if (waiter) this.#waiters.delete(waiter);
      this.#clock.clearTimeout(timer);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  #has(version: string): boolean {
    return this.#reached !== '' && compareResourceVersion(this.#reached, version) >= 0;
  }

  #stoppedBefore(version: string): Error {
    return new Error(`${this.#name}: the informer stopped before it had reached version ${version}`);
  }

  #late(version: string, timeoutMs: number): FreshAsTimeoutError {
    const state = this.#reached === '' ? 'it holds no list' : `it is as of ${this.#reached}`;
    return new FreshAsTimeoutError(
      `${this.#name}: the cache did not reach version ${version} within ${timeoutMs} ms: ${state}`,
    );
  }
}
