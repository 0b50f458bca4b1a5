import type { Clock } from '@client-ts/apimachinery';
import { isDNS1123Subdomain } from '@client-ts/apimachinery/validation';

const MaxLength = 253;

/**
 * Names of new events: the object's, and the time in nanoseconds as hexadecimal digits, as client-go names them.
 *
 * Clocks of JavaScript tell milliseconds: the digits below are random, and no two times are the same. Without that, two events
 * about one object would have one name, and the second would be refused.
 */
export class EventNames {
  readonly #clock: Clock;
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where the object's name makes none that an event may have, such as that of a role, a UUID takes its place. */
  next(objectName: string): string {
    const name = `${objectName}.${this.#time().toString(16)}`;
    return name.length <= MaxLength && isDNS1123Subdomain(name).length === 0 ? name : crypto.randomUUID();
  }

  #time(): bigint {
    const ms = BigInt(Math.floor(this.#clock.now()));
    const time = ms * 1_000_000n + BigInt(Math.floor(this.#clock.random() * 1e6));
    this.#last = time > this.#last ? time : this.#last + 1n;
    return this.#last;
  }
}
