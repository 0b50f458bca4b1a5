import type { KubernetesObject, ListerWatcher } from '@client-ts/apimachinery';
import {
  applyDeltas,
  DeltaFIFO,
  type Notification,
  type Queue,
  RealFIFO,
  Reflector,
  type ReflectorOptions,
  StoreRefusedError,
  type WritableIndexer,
} from '@client-ts/cache';

export interface StackOptions<T> extends ReflectorOptions {
  /** `DeltaFIFO` coalesces the changes of an object; `RealFIFO` keeps all in order. Default: `DeltaFIFO`. */
  readonly queue?: 'DeltaFIFO' | 'RealFIFO';
  /** Told of each change, when the indexer has it. */
  readonly onChange?: (change: Notification<T>) => void;
}

/** Reflector → queue → indexer, put together by hand: what an informer does, with nothing around it. */
export class Stack<T extends KubernetesObject> {
  readonly #indexer: WritableIndexer<T, string>;
  readonly #queue: Queue<T>;
  readonly #reflector: Reflector<T>;
  readonly #onChange: (change: Notification<T>) => void;

  constructor(
    source: ListerWatcher<T>,
    indexer: WritableIndexer<T, string>,
    { queue = 'DeltaFIFO', onChange = () => undefined, ...options }: StackOptions<T> = {},
  ) {
    this.#indexer = indexer;
    this.#queue = queue === 'DeltaFIFO' ? new DeltaFIFO({ knownObjects: indexer }) : new RealFIFO();
    this.#reflector = new Reflector(source, this.#queue, options);
    this.#onChange = onChange;
  }

  hasSynced(): boolean {
    return this.#queue.hasSynced();
  }

  /** Runs until `signal` aborts. */
  async run({ signal }: { signal: AbortSignal }): Promise<void> {
    const taking = this.#take();
    await this.#reflector.run({ signal });
    this.#queue.close();
    await taking;
  }

  async #take(): Promise<void> {
    while (!this.#queue.closed) {
      await this.#queue.available();
      while (!this.#queue.closed && this.#pop());
    }
  }

  #pop(): boolean {
    try {
      return this.#queue.pop((deltas, isInInitialList) =>
        applyDeltas(this.#indexer, this.#onChange, deltas, isInInitialList),
      );
    } catch (error) {
      // What the database could not take is brought again by a new list, after a pause.
      this.#reflector.relist(new StoreRefusedError('the indexer refused a change', { cause: error }));
      return true;
    }
  }
}
