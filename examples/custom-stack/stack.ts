import { type Clock, type KubernetesObject, type ListerWatcher, realClock } from '@client-ts/apimachinery';
import {
  applyDeltas,
  CacheError,
  DeltaFIFO,
  type Notification,
  type Queue,
  RealFIFO,
  Reflector,
  type ReflectorOptions,
  StoreRefusedError,
  type WritableIndexer,
} from '@client-ts/cache';

/** So long the event loop may have to wait for its turn, in milliseconds. */
const SliceMs = 8;

export interface StackOptions<T> extends ReflectorOptions {
  /**
   * `DeltaFIFO` coalesces the changes of an object, and gives a list object by object; `RealFIFO` keeps all in order, and gives a list
   * in one piece. Default: `DeltaFIFO`.
   */
  readonly queue?: 'DeltaFIFO' | 'RealFIFO';
  /** Told of each change, when the indexer has it. What it throws is reported. */
  readonly onChange?: (change: Notification<T>) => void;
}

/** Reflector → queue → indexer, put together by hand: what an informer does, with nothing around it. */
export class Stack<T extends KubernetesObject> {
  readonly #indexer: WritableIndexer<T, string>;
  readonly #queue: Queue<T>;
  readonly #reflector: Reflector<T>;
  readonly #clock: Clock;
  readonly #tell: (change: Notification<T>) => void;

  constructor(
    source: ListerWatcher<T>,
    indexer: WritableIndexer<T, string>,
    { queue = 'DeltaFIFO', onChange = () => undefined, ...options }: StackOptions<T> = {},
  ) {
    this.#indexer = indexer;
    this.#queue = queue === 'DeltaFIFO' ? new DeltaFIFO({ knownObjects: indexer }) : new RealFIFO();
    this.#reflector = new Reflector(source, this.#queue, options);
    const { clock = realClock, onError = console.error } = options;
    this.#clock = clock;
    // Within a change of the indexer: what is thrown there means that the indexer has refused it.
    this.#tell = (change) => {
      try {
        onChange(change);
      } catch (error) {
        onError(new CacheError('handler', 'onChange threw', error));
      }
    };
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

  /** In slices: a list may be long. */
  async #take(): Promise<void> {
    const clock = this.#clock;
    while (!this.#queue.closed) {
      await this.#queue.available();
      let startedMs = clock.now();
      while (!this.#queue.closed && this.#pop()) {
        if (clock.now() - startedMs < SliceMs) continue;
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 0));
        startedMs = clock.now();
      }
    }
  }

  #pop(): boolean {
    try {
      return this.#queue.pop((deltas, isInInitialList) =>
        applyDeltas(this.#indexer, this.#tell, deltas, isInInitialList),
      );
    } catch (error) {
      // What the database could not take is brought again by a new list, after a pause.
      this.#reflector.relist(new StoreRefusedError('the indexer refused a change', { cause: error }));
      return true;
    }
  }
}
