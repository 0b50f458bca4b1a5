export interface DrainOptions {
  /** Wait for what is ready, too, even if no worker takes it. Default: false, as client-go. */
  readonly includeQueued?: boolean | undefined;
  /** Aborting it ends the wait, which rejects with the reason; the queue stays shut down. */
  readonly signal?: AbortSignal | undefined;
}

interface DrainWait {
  readonly includeQueued: boolean;
  readonly resolve: () => void;
}

/** Those who wait for a queue to be drained. */
export class DrainWaits {
  readonly #waits = new Set<DrainWait>();

  get pending(): boolean {
    return this.#waits.size > 0;
  }

  add({ includeQueued = false, signal }: DrainOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        this.#waits.delete(wait);
        reject(signal?.reason);
      };
      const wait: DrainWait = {
        includeQueued,
        resolve: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waits.add(wait);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Nothing is being processed; `queued` says whether something is ready. */
  settle({ queued }: { readonly queued: boolean }): void {
    for (const wait of this.#waits) {
      if (queued && wait.includeQueued) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
  }
}
