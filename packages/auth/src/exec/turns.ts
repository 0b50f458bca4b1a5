import { onAbort } from '@client-ts/apimachinery';

/** Lets one after the other do what not two can do at a time, in the order in which they come. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when all before have disposed of theirs. Rejects with `signal.reason`: who aborts holds up nobody. */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const before = this.#last;
    let end: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => (end = resolve));
    this.#last = before.then(() => mine);
    let stay: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stay = onAbort(signal, () => reject(signal.reason as Error));
    });
    try {
      await Promise.race([before, aborted]);
    } catch (error) {
      end();
      throw error;
    } finally {
      stay();
    }
    return { [Symbol.dispose]: end };
  }
}
