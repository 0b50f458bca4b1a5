import type { Clock } from '@client-ts/apimachinery';
import { isInternalError } from '@client-ts/apimachinery/errors';

/** After this long without an InternalError the next one is a first one again; as in client-go. */
const ForgottenAfterMs = 60_000;

/** For how long a server whose watches fail with an InternalError is believed to be about to do better. */
export class InternalErrorRetry {
  readonly #clock: Clock;
  readonly #maxMs: number;
  #firstMs = -Infinity;
  #lastMs = -Infinity;

  /** @param maxMs - see `ReflectorOptions.maxInternalErrorRetryMs`. */
  constructor(clock: Clock, maxMs = 0) {
    this.#clock = clock;
    this.#maxMs = maxMs;
  }

  /** A watch has failed: whether it is to go on from where it was. When it is not, the next InternalError is a first one. */
  allows(error: unknown): boolean {
    if (this.#maxMs === 0 || !isInternalError(error)) return false;
    const nowMs = this.#clock.now();
    if (nowMs - this.#lastMs >= ForgottenAfterMs) this.#firstMs = nowMs;
    const allowed = nowMs - this.#firstMs <= this.#maxMs;
    this.#lastMs = allowed ? nowMs : -Infinity;
    return allowed;
  }
}
