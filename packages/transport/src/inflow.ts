/** So much is kept for a reader that is slower than the network, before that is held back. */
const HighWaterMark = 256 * 1024;

/** What an inflow needs of the connection that it comes from. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Nobody wants the rest. */
  leave(): void;
}

/** Empty items take place too. */
function cost({ length }: { readonly length: number }): number {
  return length + 64;
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, void>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * What stands between a connection that pushes (parts of a body, messages) and a reader that pulls. It ends once: by
 * {@link end}, by {@link fail}, or when its reader leaves.
 */
export class Inflow<T extends { readonly length: number }> implements AsyncIterable<T> {
  readonly #flow: Flow;
  readonly #items: T[] = [];
  readonly #readers: Reader<T>[] = [];
  #queued = 0;
  #paused = false;
  #taken = false;
  /** How much more of what nobody wants is worth its connection; `undefined` when somebody wants it. */
  #toDiscard: number | undefined;
  #state: 'open' | 'ended' | { readonly failure: unknown } = 'open';
  #onDiscarded: (() => void) | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** Whether somebody reads, or has let go of it. */
  get taken(): boolean {
    return this.#taken;
  }

  push(item: T): void {
    if (this.#state !== 'open') return;
    if (this.#toDiscard !== undefined) {
      this.#toDiscard -= item.length;
      if (this.#toDiscard < 0) this.#leave();
      return;
    }
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    this.#queued += cost(item);
    if (this.#queued >= HighWaterMark && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** Everything has come. */
  end(): void {
    this.#settle('ended');
  }

  /** @param how - what came before the failure can still be read, unless it is `lost`. */
  fail(failure: unknown, how?: 'lost'): void {
    if (how === 'lost') this.#drop();
    this.#settle({ failure });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, void, void> {
    if (this.#taken) throw new TypeError('this can be read once');
    this.#taken = true;
    return {
      next: () => this.#next(),
      return: () => {
        this.#leave();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /**
   * Lets go of what nobody reads: waits for its end if that is no more than `limit` away, and leaves otherwise; at once with
   * a negative limit. Never rejects.
   */
  async discard(limit: number): Promise<void> {
    if (this.#taken) return;
    this.#taken = true;
    this.#toDiscard = limit - this.#queued;
    this.#drop();
    if (this.#toDiscard < 0) this.#leave();
    else this.#resume();
    if (this.#state === 'open') await new Promise<void>((resolve) => (this.#onDiscarded = resolve));
  }

  #next(): Promise<IteratorResult<T, void>> {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#queued -= cost(item);
      if (this.#queued < HighWaterMark / 2) this.#resume();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#state === 'open') return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    const state = this.#state;
    this.#state = 'ended'; // a failure is told once
    if (state === 'ended') return Promise.resolve({ done: true, value: undefined });
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- may be the reason of an abort, which is anything
    return Promise.reject(state.failure);
  }

  #leave(): void {
    this.#drop();
    if (this.#state !== 'open') return;
    this.#settle('ended');
    this.#flow.leave();
  }

  #settle(state: 'ended' | { readonly failure: unknown }): void {
    if (this.#state !== 'open') return;
    this.#state = state;
    const reader = this.#readers.shift();
    if (reader && state !== 'ended') {
      this.#state = 'ended';
      reader.reject(state.failure);
    } else {
      reader?.resolve({ done: true, value: undefined });
    }
    for (const { resolve } of this.#readers.splice(0)) resolve({ done: true, value: undefined });
    this.#onDiscarded?.();
  }

  #drop(): void {
    this.#items.length = 0;
    this.#queued = 0;
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
