import { type Clock, printable } from '@client-ts/apimachinery';

const Help = `

It looks as if you were trying to use a credential plugin that is not installed. See
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`;

/** A program that retries would fill its log with the same advice. */
const MaxHints = 10;
const WindowMs = 3_600_000;

/** What to do about a plugin that is not there: at most ten times an hour, as client-go; nothing in between. */
export class InstallHint {
  readonly #clock: Clock;
  readonly #text: string;
  #windowStart = -Infinity;
  #given = 0;

  constructor(clock: Clock, hint = '') {
    this.#clock = clock;
    // It may have several lines.
    const words = hint.replaceAll(/[^\t\n]+/g, printable);
    this.#text = hint === '' ? Help : `${Help}\n\n${words}`;
  }

  take(): string {
    const now = this.#clock.now();
    if (now - this.#windowStart >= WindowMs) {
      this.#windowStart = now;
      this.#given = 0;
    }
    this.#given++;
    return this.#given > MaxHints ? '' : this.#text;
  }
}
