import type { FencingToken } from '@client-ts/leaderelection';

/** Whether the tokens that are seen of each lock come in the order of its claims. */
export class ClaimOrder {
  readonly #last = new Map<string, FencingToken>();

  /** @returns what is wrong with one that is seen after those before: it is of an older claim, or of another holder of the same. */
  see({ lock, transitions, holder }: FencingToken): string | undefined {
    const last = this.#last.get(lock);
    const isOlder = last !== undefined && transitions < last.transitions;
    if (!isOlder) this.#last.set(lock, { lock, transitions, holder });
    const isAnother = last?.transitions === transitions && holder !== last.holder;
    if (!isOlder && !isAnother) return undefined;
    return `${holder} has ${transitions} of ${lock} after ${last.transitions} of ${last.holder}`;
  }
}
