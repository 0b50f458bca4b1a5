import type { Clock } from '@client-ts/apimachinery';

/** Aborts its signal when nothing rearms it in time, or when the outer signal aborts. Disposing leaves nothing behind. */
export class Watchdog implements Disposable {
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #forward = (): void => this.#controller.abort(this.#outer.reason);
  #timer: unknown;
  #deadline = Infinity;
  #reason: () => Error = () => new Error('too late');

  constructor(clock: Clock, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    if (outer.aborted) this.#forward();
    outer.addEventListener('abort', this.#forward, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From `nowMs` on, `ms` may pass; then the signal aborts with `reason()`. */
  arm(ms: number, reason: () => Error, nowMs: number = this.#clock.now()): void {
    const deadline = nowMs + ms;
    this.#reason = reason;
    const earlier = deadline < this.#deadline;
    this.#deadline = deadline;
    // A later deadline costs nothing: the timer that is set looks again when it fires.
    if (this.#timer !== undefined && !earlier) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#check(), ms);
  }

  /** From now on, any time may pass. */
  disarm(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#deadline = Infinity;
  }

  /** Does not wait any longer. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#clock.clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#forward);
  }

  #check(): void {
    const left = this.#deadline - this.#clock.now();
    if (left > 0) this.#timer = this.#clock.setTimeout(() => this.#check(), left);
    else this.#controller.abort(this.#reason());
  }
}
