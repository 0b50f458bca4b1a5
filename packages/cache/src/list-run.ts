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

/** kube-apiserver gives a list one minute; five leave room for the repetitions that it may ask for. */
const ListTimeoutMs = 5 * 60_000;

export interface ListRunOptions<T extends CachedObject> {
  readonly source: Lister<T>;
  readonly intake: Intake<T>;
  readonly health: HealthRecord;
  readonly clock: Clock;
  /** See `ReflectorOptions.pageSize`. */
  readonly pageSize: number | undefined;
}

/** Reads lists into a store: the `list` state of a Reflector. */
export class ListRun<T extends CachedObject> {
  readonly #source: Lister<T>;
  readonly #intake: Intake<T>;
  readonly #health: HealthRecord;
  readonly #clock: Clock;
  readonly #pageSize: number | undefined;
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
    watchdog.arm(ListTimeoutMs, overdue);
    const request: ListOptions = {
      ...options,
      signal: watchdog.signal,
      onRetry: ({ delayMs, error }: Retry) => {
        watchdog.arm(delayMs + ListTimeoutMs, overdue);
        this.#health.failed(error, false);
      },
      onUndecodable: (found) => intake.gatherUndecodable(found, replacement),
    };
    const take = (object: T): void => intake.gather(object, replacement);
    const page = await readPage(this.#source, request, take, newSlicer(this.#clock));
    // One has no items, and a version: it would empty the store. As client-go refuses it.
    if (page.kind === 'Table' && page.apiVersion?.startsWith('meta.k8s.io/'))
      throw new TypeError('the list is a Table, not of objects');
    if (options?.resourceVersion === '0' && page.metadata.continue) this.#pagesEverything = true;
    return page;
  }
}

function overdue(): Error {
  return new ListTimeoutError(`the list was not answered within ${ListTimeoutMs} ms`);
}
