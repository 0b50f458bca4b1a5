import { JsonPathError } from './json-path-error.js';

/** What a hostile template may cost at most: ten characters of it can repeat an object hundreds of times. */
export interface JsonPathLimits {
  /** Values that may be visited. Default: 10,000,000, which is about a second of work. */
  maxValues?: number | undefined;
  /** Length of the text that may be printed, in UTF-16 code units. Default: 268,435,456, half of the longest string of V8. */
  maxLength?: number | undefined;
}

/** Ranges in each other. */
export const MaxNesting = 1_000;

/** As deep as Go decodes JSON. */
export const MaxDepth = 10_000;

/** Counts down to a refusal. */
export class Budget {
  readonly #what: string;
  readonly #total: number;
  #left: number;

  constructor(total: number, what: string) {
    this.#what = what;
    this.#total = total;
    this.#left = total;
  }

  static values(limits: JsonPathLimits): Budget {
    return new Budget(limits.maxValues ?? 10_000_000, 'values');
  }

  static length(limits: JsonPathLimits): Budget {
    return new Budget(limits.maxLength ?? 2 ** 28, 'characters');
  }

  spend(amount: number, position?: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new JsonPathError('limit', `more than ${this.#total} ${this.#what}`, position);
  }
}
