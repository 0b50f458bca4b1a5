import { abortable, type Clock, type KubernetesObject, realClock, sleep, wallClock } from '@client-ts/apimachinery';
import { type Config, RestClient } from '@client-ts/rest';
import type { EventApi, EventSource, Recording } from './event-api.js';
import { EventError, type EventErrorHandler, newEventErrorReporter } from './event-error.js';
import type { EventMeter } from './event-metrics.js';
import { EventNames } from './event-names.js';
import { EventQueue } from './event-queue.js';
import type { EventRecorder } from './event-recorder.js';
import { clusterSink, type EventSink } from './event-sink.js';
import { type EventOutcome, EventOutcomes, type EventStats } from './event-stats.js';
import { fitText } from './fit-text.js';
import { MaxWordBytes, sayEvent } from './said-event.js';

export interface EventBroadcasterOptions {
  /** Told of every event that was lost, but for those that a namespace which is being deleted refuses. Default: `console.warn`. */
  readonly onError?: EventErrorHandler | undefined;
  /** How long the end may wait for events to be written, in milliseconds. Default: 5,000. */
  readonly closeTimeoutMs?: number | undefined;
  /** See `eventMetrics`. Default: none. */
  readonly metrics?: EventMeter | undefined;
  /** For metrics. Default: `events`. */
  readonly name?: string | undefined;
  /** Default: the time of day, which events are read by; and for pauses one that is never set back. */
  readonly clock?: Clock | undefined;
}

/** A recording, and what ends it. */
interface OpenRecording<E> {
  readonly recording: Recording<E>;
  readonly hurry: AbortController;
  readonly stop: AbortController;
  /** Set as soon as it takes nothing more. */
  ended?: Promise<void>;
}

/**
 * Takes events from recorders, and brings them to servers and to whoever watches.
 *
 * Each sink and each watcher has a queue of 1,000 events of its own; what comes when it is full is dropped, and counted. Who records
 * events is never held up, and never hears of what goes wrong with them.
 *
 * Disposing of it writes what is left, counts of series included, as long as the time limit allows. Events after that are dropped.
 */
export class EventBroadcaster<E extends KubernetesObject> implements AsyncDisposable {
  readonly #api: EventApi<E>;
  readonly #clock: Clock;
  readonly #timers: Clock;
  readonly #names: EventNames;
  readonly #report: EventErrorHandler;
  readonly #closeTimeoutMs: number;
  readonly #recordings = new Set<OpenRecording<E>>();
  readonly #watchers = new Set<EventQueue<E>>();
  readonly #counts: Record<EventOutcome, number>;
  readonly #meter: ReturnType<EventMeter['broadcaster']> | undefined;
  #closed: Promise<void> | undefined;
  #lateReported = false;

  /** @param api - `coreEvents()` or `seriesEvents()`. */
  constructor(api: EventApi<E>, options: EventBroadcasterOptions = {}) {
    const { clock, onError, closeTimeoutMs = 5000, metrics, name = 'events' } = options;
    this.#api = api;
    this.#clock = clock ?? wallClock;
    this.#timers = clock ?? realClock;
    this.#names = new EventNames(this.#clock);
    this.#report = newEventErrorReporter(onError);
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#counts = Object.fromEntries(EventOutcomes.map((outcome) => [outcome, 0])) as Record<EventOutcome, number>;
    this.#meter = metrics?.broadcaster(name, () => this.stats());
  }

  /**
   * Records events of a source. What is recorded before {@link recordTo} goes nowhere.
   *
   * @throws TypeError when no server would take events of it.
   */
  recorder(source: EventSource): EventRecorder {
    if (!source.component) throw new TypeError('component: expected a text that is not empty');
    const eventOf = this.#api.eventsOf(source);
    const event: EventRecorder['event'] = (object, type, reason, message, options = {}) => {
      try {
        const how = { names: this.#names, at: this.#clock.now() };
        this.#broadcast(freeze(eventOf(sayEvent(how, object, type, reason, message, options))));
      } catch (error) {
        this.#count('invalid');
        this.#report(new EventError('invalid', `${nameOf(reason)} was not recorded`, error));
      }
    };
    return { event, for: (object) => ({ event: (...what) => event(object, ...what) }) };
  }

  /**
   * Begins to write events to a cluster, or wherever the sink brings them.
   *
   * @returns what ends it: with what is written then, and no longer than the time limit.
   * @throws Error when the broadcaster is closed.
   */
  recordTo(target: Config | EventSink<E>): AsyncDisposable {
    if (this.#closed) throw new Error('the broadcaster is closed');
    const sink = 'host' in target ? clusterSink(new RestClient(target, this.#timers), this.#api.descriptor) : target;
    const hurry = new AbortController();
    const stop = new AbortController();
    const recording = this.#api.record(sink, {
      clock: this.#clock,
      timers: this.#timers,
      names: this.#names,
      closing: { hurry: hurry.signal, stop: stop.signal },
      count: (outcome) => this.#count(outcome),
      report: this.#report,
    });
    const open: OpenRecording<E> = { recording, hurry, stop };
    this.#recordings.add(open);
    return { [Symbol.asyncDispose]: () => (open.ended ??= this.#end(open)) };
  }

  /**
   * Calls `handler` with each event, one after the other, and waits for what it returns. Events are frozen, since all who are told
   * of one are told of the same.
   */
  watch(handler: (event: E) => void | Promise<void>): Disposable {
    const report = this.#report;
    const queue = new EventQueue<E>({
      handle: handler,
      onError: (error) => report(new EventError('callback', 'the handler of a watcher', error)),
      onOverflow: () => report(new EventError('overflow', 'too many events wait for a watcher: some are dropped')),
    });
    this.#watchers.add(queue);
    return {
      [Symbol.dispose]: () => {
        this.#watchers.delete(queue);
        queue[Symbol.dispose]();
      },
    };
  }

  stats(): EventStats {
    let queued = 0;
    for (const { recording } of this.#recordings) queued += recording.queued();
    for (const watcher of this.#watchers) queued += watcher.length;
    return { ...this.#counts, queued };
  }

  /**
   * Resolves when all that was recorded has been written or given up, counts of series included, and watchers have dealt with it.
   * Rejects with `signal.reason` when aborted.
   */
  flush({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return abortable(this.#flush(), signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([
      ...[...this.#recordings].map((open) => (open.ended ??= this.#end(open))),
      ...[...this.#watchers].map((watcher) => this.#endWatcher(watcher)),
    ]);
    this.#meter?.[Symbol.dispose]();
  }

  async #end(open: OpenRecording<E>): Promise<void> {
    const { recording, hurry, stop } = open;
    hurry.abort();
    await this.#untilLate(recording.flush(), () => recording.queued());
    recording[Symbol.dispose]();
    stop.abort();
    this.#recordings.delete(open);
  }

  async #endWatcher(watcher: EventQueue<E>): Promise<void> {
    await this.#untilLate(watcher.idle(), () => watcher.length);
    watcher[Symbol.dispose]();
    this.#watchers.delete(watcher);
  }

  /** Waits until the time limit. @param lost - how many events are left then. */
  async #untilLate(idle: Promise<void>, lost: () => number): Promise<void> {
    const limit = new AbortController();
    const late = sleep(this.#timers, this.#closeTimeoutMs, limit.signal).then(
      () => true,
      () => false,
    );
    const isLate = await Promise.race([idle.then(() => false), late]);
    limit.abort();
    if (!isLate) return;
    const count = lost();
    for (let each = 0; each < count; each++) this.#count('dropped');
    this.#report(new EventError('closed', `there was no time for all events: ${count} that waited are lost`));
  }

  async #flush(): Promise<void> {
    await Promise.all([
      ...[...this.#recordings].map(({ recording }) => recording.flush()),
      ...[...this.#watchers].map((watcher) => watcher.idle()),
    ]);
  }

  #broadcast(event: E): void {
    if (this.#closed) {
      this.#count('dropped');
      if (!this.#lateReported) this.#report(new EventError('closed', 'an event came after the end'));
      this.#lateReported = true;
      return;
    }
    for (const { recording, ended } of this.#recordings) if (!ended) recording.offer(event);
    for (const watcher of this.#watchers) if (!watcher.offer(event)) this.#count('dropped');
  }

  #count(outcome: EventOutcome): void {
    this.#counts[outcome]++;
    this.#meter?.count(outcome);
  }
}

/** Of whatever was given for a reason. */
function nameOf(reason: unknown): string {
  return typeof reason === 'string' ? `event ${fitText(reason, MaxWordBytes)}` : 'an event';
}

/** With all that is in it. */
function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}
