import type { Clock } from '@client-ts/apimachinery';
import type { InFlight } from './in-flight.js';
import type { ObjectRef } from './object-ref.js';
import type { Partition } from './partition.js';

export interface ShareOptions {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** For how long reconciles may go on when their object is given up. */
  readonly graceMs: number;
  /** Enqueues what is known of the objects that match. */
  readonly enqueue: (gained: (object: ObjectRef) => boolean) => void;
}

interface Release {
  readonly lost: (object: ObjectRef) => boolean;
  done: boolean;
}

/** What a controller does about the partition that it works on: nothing of what it is about to lose is begun. */
export class Share implements Disposable {
  readonly #partition: Partition;
  readonly #options: ShareOptions;
  readonly #unsubscribe: readonly (() => void)[];
  /** What is being given up. What has been, is kept here until something is gained: the partition may take a moment to say so. */
  #releases: Release[] = [];

  constructor(partition: Partition, options: ShareOptions) {
    this.#partition = partition;
    this.#options = options;
    this.#unsubscribe = [
      partition.onRelease((lost) => this.#release(lost)),
      partition.onAcquire((gained) => {
        this.#releases = this.#releases.filter(({ done }) => !done);
        options.enqueue(gained);
      }),
    ];
  }

  owns(object: ObjectRef): boolean {
    return !this.#releases.some(({ lost }) => lost(object)) && this.#partition.owns(object);
  }

  [Symbol.dispose](): void {
    for (const each of this.#unsubscribe) each();
  }

  async #release(lost: (object: ObjectRef) => boolean): Promise<void> {
    const { clock, inFlight, graceMs } = this.#options;
    const release: Release = { lost, done: false };
    this.#releases.push(release);
    const giveUp = (): void => inFlight.abort(new Error('the object is about to be another process’s'), lost);
    const timer = clock.setTimeout(giveUp, graceMs);
    try {
      await inFlight.ended(lost);
    } finally {
      clock.clearTimeout(timer);
      release.done = true;
    }
  }
}
