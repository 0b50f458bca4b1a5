import type { Clock, KubernetesList, Lister, ListOptions, Retry } from '@client-ts/apimachinery';
import { listAll } from '@client-ts/pager';
import type { CachedObject } from './deep-readonly.js';
import type { HealthRecord } from './health.js';
import type { Intake } from './intake.js';
import type { Replacement } from './queue.js';
import { readPage } from './read-page.js';
import type { Outcome } from './reflector-state.js';
import { newSlicer } from './slicer.js';
import { versionRead } from './version-read.js';
import { ListTimeoutError } from './watch-failure.js';
import { Watchdog } from './watchdog.js';

/** kube-apiserver gives a list one minute, to its last byte; a quarter more allows for the way. */
const SilenceMs = 75_000;
/** Other servers, or what holds requests up on the way, may take longer; and a list in one piece shows nothing before its end. */
const LongestSilenceMs = 5 * 60_000;

export interface ListRunOptions<T extends CachedObject> {
  readonly source: Lister<T>;
  readonly intake: Intake<T>;
  readonly health: HealthRecord;
  readonly clock: Clock;
  /** See `ReflectorOptions.pageSize`. */
  readonly pageSize: number | undefined;
}

/**
 * Reads lists into a store: the `list` state of a Reflector.
 *
 * A list of which nothing comes for 75 seconds, neither its first object nor the next, is given up; one that goes on may take any
 * time. After each that was given up the next is waited for twice as long, up to five minutes, until one has been read. It is
 * five minutes at once for the whole of a page where the source has no `listItems`.
 */
export class ListRun<T extends CachedObject> {
  readonly #source: Lister<T>;
  readonly #intake: Intake<T>;
  readonly #health: HealthRecord;
  readonly #clock: Clock;
  readonly #pageSize: number | undefined;
  #silenceMs = SilenceMs;
  /** The server pages lists that any cache could answer: it has no cache. */
  #pagesEverything = false;

  constructor({ source, intake, health, clock, pageSize }: ListRunOptions<T>) {
    this.#source = source;
    this.#intake = intake;
    this.#health = health;
    this.#clock = clock;
    this.#pageSize = pageSize;
  }

  async perform(resourceVersion: string, signal: AbortSignal): Promise<Outcome> {
    const intake = this.#intake;
    try {
      let replacement = intake.startReplacement();
      const pages: Lister<T> = {
        list: (options) => {
          // Pages that cannot be read on are followed by a whole list.
          if (!options?.continue) {
            replacement = intake.startReplacement();
            intake.startRequest();
          }
          return this.#page(options, replacement, signal);
        },
      };
      const { metadata } = await listAll(pages, { resourceVersion, limit: this.#limit(resourceVersion) });
      signal.throwIfAborted();
      const version = versionRead(metadata, 'list');
      this.#silenceMs = SilenceMs;
      intake.replace(replacement, version);
      this.#health.read('list');
      return { type: 'listed', resourceVersion: version };
    } catch (error) {
      intake.report('list', error, signal);
      return { type: 'failed', error, resourceVersion: intake.resourceVersion, synced: false, healthy: false };
    }
  }

  /** A version that the server's cache can answer is read in one piece: pages would go to etcd. */
  #limit(resourceVersion: string): number | undefined {
    const cached = resourceVersion !== '' && resourceVersion !== '0' && !this.#pagesEverything;
    return this.#pageSize ?? (cached ? 0 : undefined);
  }

  /** The items of a page go into the replacement, and are not in what it resolves with. */
  async #page(
    options: ListOptions | undefined,
    replacement: Replacement<T>,
    signal: AbortSignal,
  ): Promise<KubernetesList<T>> {
    const intake = this.#intake;
    using watchdog = new Watchdog(this.#clock, signal);
    const silenceMs = this.#source.listItems ? this.#silenceMs : LongestSilenceMs;
    const overdue = (): Error => {
      this.#silenceMs = Math.min(2 * silenceMs, LongestSilenceMs);
      return new ListTimeoutError(`nothing came of the list for ${silenceMs} ms`);
    };
    watchdog.arm(silenceMs, overdue);
    const request: ListOptions = {
      ...options,
      signal: watchdog.signal,
      onRetry: ({ delayMs, error }: Retry) => {
        watchdog.arm(delayMs + silenceMs, overdue);
        this.#health.failed(error, false);
      },
      onUndecodable: (found) => {
        watchdog.arm(silenceMs, overdue);
        intake.gatherUndecodable(found, replacement);
      },
    };
    const take = (object: T): void => {
      watchdog.arm(silenceMs, overdue);
      intake.gather(object, replacement);
    };
    const page = await readPage(this.#source, request, take, newSlicer(this.#clock));
    // One has no items, and a version: it would empty the store. As client-go refuses it.
    if (page.kind === 'Table' && page.apiVersion?.startsWith('meta.k8s.io/'))
      throw new TypeError('the list is a Table, not of objects');
    if (options?.resourceVersion === '0' && page.metadata.continue) this.#pagesEverything = true;
    return page;
  }
}
