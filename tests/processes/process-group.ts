import type { EventProcess } from './event-process.js';

/** Processes, and waits for what they print. */
export class ProcessGroup<P extends EventProcess<{ readonly at: number }>> implements AsyncDisposable {
  readonly all: P[] = [];
  readonly #waiting = new Set<() => void>();

  add(process: P): P {
    this.all.push(process);
    return process;
  }

  /** To be called whenever something may have become true. */
  readonly check = (): void => {
    for (const each of this.#waiting) each();
  };

  /** Resolves with what `find` finds, once that is something, or true; rejects when a process fails first, or ends by itself. */
  until<T>(what: string, find: () => T | false | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const broken = this.all.find(({ failure }) => failure !== undefined);
        const found = broken === undefined && find();
        if (broken) reject(new Error(`waiting for ${what}: ${broken.identity}: ${broken.failure}`));
        else if (found === false || found === undefined) return;
        else resolve(found);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((each) => each[Symbol.asyncDispose]()));
  }
}
