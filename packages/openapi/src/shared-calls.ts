interface SharedCall<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Lets callers that want the same thing at the same time share one call for it. The call is aborted when the last of them has
 * given up.
 */
export class SharedCalls<T> {
  readonly #running = new Map<string, SharedCall<T>>();

  /** Rejects as the call does, and with `signal.reason` when aborted, which the others do not notice. */
  async run(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const call = this.#running.get(key) ?? this.#start(key, start);
    call.waiting++;
    try {
      return await (signal ? unlessAborted(call.result, signal) : call.result);
    } finally {
      call.waiting--;
      // It has ended, or nobody wants it any more.
      if (call.waiting === 0) {
        this.#running.delete(key);
        call.controller.abort();
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): SharedCall<T> {
    const controller = new AbortController();
    const call = { result: start(controller.signal), controller, waiting: 0 };
    this.#running.set(key, call);
    return call;
  }
}

function unlessAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // An abort's reason is whatever the caller gave.
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
