import type { Clock } from '@client-ts/apimachinery';

/** For so long, in milliseconds, work may follow work that never waits; then sockets and timers have a turn. */
const TurnMs = 10;

/** Lets the event loop go on beside work that would hold it up, such as reconciles that find nothing to do. */
export class Turns {
  readonly #clock: Clock;
  #began: number;
  #next: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** `undefined` as long as the turn may go on. */
  due(): Promise<void> | undefined {
    if (this.#clock.now() - this.#began >= TurnMs) this.#next ??= this.#turn();
    return this.#next;
  }

  async #turn(): Promise<void> {
    await this.#clock.nextTurn?.();
    this.#began = this.#clock.now();
    this.#next = undefined;
  }
}
