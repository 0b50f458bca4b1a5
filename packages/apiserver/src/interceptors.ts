import { isStatusError } from '@client-ts/apimachinery/errors';
import type { Action } from './action.js';
import type { ApiResponse } from './api-request.js';
import { jsonResponse } from './api-response.js';
import { answered } from './failure-response.js';

/**
 * Asked before a request about a resource is handled. What it returns is the answer, as JSON; `undefined` lets the next
 * one, and in the end the server, answer. A `StatusError` that it throws is the answer, too; anything else that it throws
 * is what the client's transport rejects with.
 */
export type Interceptor = (action: Action) => unknown;

/** Interceptors, the newest first. */
export class Interceptors {
  #all: readonly Interceptor[] = [];

  /** Disposing the result takes it away again. */
  prepend(interceptor: Interceptor): Disposable {
    // A function of its own, so that the same interceptor can be added twice.
    const added: Interceptor = (action) => interceptor(action);
    this.#all = [added, ...this.#all];
    return {
      [Symbol.dispose]: () => {
        this.#all = this.#all.filter((other) => other !== added);
      },
    };
  }

  get size(): number {
    return this.#all.length;
  }

  async answer(action: Action): Promise<ApiResponse | undefined> {
    for (const interceptor of this.#all) {
      let answer: unknown;
      try {
        answer = await interceptor(action);
      } catch (error) {
        if (!isStatusError(error)) throw error;
        return answered(() => {
          throw error;
        });
      }
      if (answer !== undefined) return jsonResponse(200, answer);
    }
    return undefined;
  }
}
