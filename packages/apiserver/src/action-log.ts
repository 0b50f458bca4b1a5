import type { Action } from './action.js';

/** How many actions are kept. */
const MaxActions = 10_000;

/** The last requests, oldest first. */
export class ActionLog {
  #actions: Action[] = [];

  record(action: Action): void {
    this.#actions.push(action);
    if (this.#actions.length >= 2 * MaxActions) this.#actions = this.all().slice();
  }

  all(): readonly Action[] {
    return this.#actions.slice(-MaxActions);
  }

  clear(): void {
    this.#actions = [];
  }
}
