import { onAbort } from './on-abort.js';

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Work that many wait for and that is done once: all who come while it runs get its outcome.
 *
 * Who aborts stops waiting, at once and for himself. When nobody waits any more, the work is aborted, and who comes next
 * starts anew.
 */
export class SingleFlight<T> {
  #flight: Flight<T> | undefined;

  /** Rejects as the work does, or with `signal.reason`. */
  async join(start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const flight = (this.#flight ??= this.#begin(start));
    if (!signal) {
      // Never counted down: somebody waits to the end.
      flight.waiting++;
      return flight.promise;
    }
    return this.#wait(flight, signal);
  }

  #begin(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const promise = start(controller.signal).finally(() => this.#end(flight));
    const flight: Flight<T> = { promise, controller, waiting: 0 };
    // Whoever waits is told; that nobody does any more is no unhandled rejection.
    promise.catch(() => undefined);
    return flight;
  }

  #end(flight: Flight<T>): void {
    if (this.#flight === flight) this.#flight = undefined;
  }

  #wait(flight: Flight<T>, signal: AbortSignal): Promise<T> {
    flight.waiting++;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason as Error);
        flight.waiting--;
        if (flight.waiting > 0) return;
        this.#end(flight);
        flight.controller.abort(signal.reason);
      };
      const stay = onAbort(signal, leave);
      flight.promise.then(resolve, reject).finally(stay);
    });
  }
}
