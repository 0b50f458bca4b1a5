import {
  type Clock,
  Closable,
  type KubernetesObject,
  type ListerWatcher,
  realClock,
  sleep,
  type Watch,
  type WatchEvent,
  type WatchOptions,
} from '@client-ts/apimachinery';
import {
  isForbidden,
  isGone,
  isResourceExpired,
  isUnauthorized,
  newInternalError,
  type StatusError,
  suggestsClientDelay,
} from '@client-ts/apimachinery/errors';
import type { ObjectEvent } from './object-event.js';

/** Watches begin at least this far apart: a server that ends each at once is asked once a second, as by client-go. */
const MinRestartDelayMs = 1000;

const EventTypes: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/** `onRetry` is also told of each watch that failed and is going to be followed by another. */
export interface RetryWatcherOptions extends Omit<
  WatchOptions,
  'timeoutMs' | 'sendInitialEvents' | 'allowWatchBookmarks' | 'resourceVersionMatch'
> {
  /**
   * Where to begin: the version of a list, or of an object that was written. Neither empty nor `"0"`, after which events come
   * in no order that could be taken up again.
   */
  readonly resourceVersion: string;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * A watch that goes on where it was when the server ends it, or the connection breaks, until it cannot: no event is missed and
 * none comes twice. As client-go's RetryWatcher, it does not know what was there before; see `untilWithSync`.
 *
 * - Begins at once, and anew not before a second after it began last; later, when the server asks for that.
 * - Bookmarks are asked for, kept in mind, and not given.
 * - Ends with a StatusError when going on is of no use: the version is too old (410, so that only a list helps; also as the
 *   answer to the request, which client-go repeats for ever), or whoever asks may not (401, 403); with InternalError for an
 *   object without a version, or an event of an unknown type. Every other failure is told to `onRetry`, and watched over.
 * - Otherwise as any `Watch`: iterated once, rejects with `signal.reason`, closed by leaving the loop or by disposing.
 */
export class RetryWatcher<T extends KubernetesObject> implements Watch<T> {
  readonly #source: Pick<ListerWatcher<T>, 'watch'>;
  readonly #options: Omit<RetryWatcherOptions, 'clock' | 'signal'>;
  readonly #clock: Clock;
  readonly #events: Closable<ObjectEvent<T>>;
  #resourceVersion: string;

  /** @throws RangeError for a version that no watch can be taken up from. */
  constructor(source: Pick<ListerWatcher<T>, 'watch'>, options: RetryWatcherOptions) {
    const { clock = realClock, signal, ...rest } = options;
    if (options.resourceVersion === '' || options.resourceVersion === '0')
      throw new RangeError(
        `resourceVersion: expected that of a list or of an object, got ${JSON.stringify(options.resourceVersion)}`,
      );
    this.#source = source;
    this.#options = rest;
    this.#clock = clock;
    this.#resourceVersion = options.resourceVersion;
    this.#events = new Closable('a RetryWatcher', (inner) => this.#watch(inner), signal);
  }

  /** The newest version that was seen: where another watch can go on. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  [Symbol.asyncIterator](): AsyncIterator<ObjectEvent<T>, void, void> {
    return this.#events[Symbol.asyncIterator]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#events[Symbol.asyncDispose]();
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<ObjectEvent<T>, void, void> {
    for (;;) {
      const startedMs = this.#clock.now();
      let delayMs = 0;
      let bad: StatusError | undefined;
      try {
        const resourceVersion = this.#resourceVersion;
        const options = { ...this.#options, resourceVersion, allowWatchBookmarks: true, signal };
        for await (const event of this.#source.watch(options)) {
          const problem = problemOf(event);
          if (problem !== undefined) throw (bad = newInternalError(problem));
          this.#resourceVersion = event.object.metadata?.resourceVersion ?? '';
          if (event.type !== 'BOOKMARK') yield event;
        }
        signal.throwIfAborted();
      } catch (error) {
        if (signal.aborted || error === bad || isFinal(error)) throw error;
        delayMs = (suggestsClientDelay(error) ?? 0) * 1000;
        this.#options.onRetry?.({ delayMs: Math.max(delayMs, this.#untilRestart(startedMs)), error });
      }
      await sleep(this.#clock, Math.max(delayMs, this.#untilRestart(startedMs)), signal);
    }
  }

  #untilRestart(startedMs: number): number {
    return Math.max(0, startedMs + MinRestartDelayMs - this.#clock.now());
  }
}

/** What is wrong with an event, so that no watch can go on after it. */
function problemOf<T extends KubernetesObject>({ type, object }: WatchEvent<T>): string | undefined {
  if (!EventTypes.has(type)) return `unknown type of event ${JSON.stringify(type)}`;
  return object.metadata?.resourceVersion ? undefined : `the object of a ${type} event has no resourceVersion`;
}

/** Whether going on is of no use. */
function isFinal(error: unknown): boolean {
  return isResourceExpired(error) || isGone(error) || isUnauthorized(error) || isForbidden(error);
}
