import { type Event, events } from '@client-ts/api/core/v1';
import type { RequestOptions } from '@client-ts/apimachinery';
import { isAlreadyExists, isNotFound } from '@client-ts/apimachinery/errors';
import { completeCorrelatorOptions, type CorrelatorOptions } from './correlator-options.js';
import type { EventApi, Recording, RecordingContext } from './event-api.js';
import { type CorrelatedEvent, EventCorrelator } from './event-correlator.js';
import { EventError } from './event-error.js';
import { EventQueue } from './event-queue.js';
import type { EventSink } from './event-sink.js';
import { timeOf } from './event-time.js';
import { writeEvent } from './event-writer.js';
import { failedWrite } from './failed-write.js';

/** Between tries, as in client-go. */
const PauseMs = 10_000;

/**
 * Events of core/v1, as most controllers record them and `tools/record` of client-go does: equal ones are counted in one object,
 * similar ones combined, and what is too much is held back. They go to a sink one after the other.
 *
 * @throws RangeError that names the option which makes no sense.
 */
export function coreEvents(options: CorrelatorOptions = {}): EventApi<Event> {
  const complete = completeCorrelatorOptions(options);
  return {
    descriptor: events,
    eventsOf: ({ component, host }) => {
      const source = host ? { component, host } : { component };
      return ({ name, namespace, annotations, about, type, reason, message, at }) => ({
        metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
        involvedObject: about,
        reason,
        message,
        source,
        firstTimestamp: timeOf(at),
        lastTimestamp: timeOf(at),
        count: 1,
        type,
        reportingComponent: component,
        reportingInstance: host ?? '',
      });
    },
    record: (sink, context) =>
      new CoreRecording(sink, context, new EventCorrelator(complete, context.clock, context.names)),
  };
}

class CoreRecording implements Recording<Event> {
  readonly #sink: EventSink<Event>;
  readonly #context: RecordingContext;
  readonly #correlator: EventCorrelator;
  readonly #queue: EventQueue<Event>;

  constructor(sink: EventSink<Event>, context: RecordingContext, correlator: EventCorrelator) {
    this.#sink = sink;
    this.#context = context;
    this.#correlator = correlator;
    this.#queue = new EventQueue({
      handle: (event) => this.#record(event),
      onError: (error) => context.report(new EventError('callback', 'correlating an event', error)),
      onOverflow: () =>
        context.report(new EventError('overflow', 'too many events wait to be written: some are dropped')),
    });
  }

  offer(event: Event): void {
    if (!this.#queue.offer(event)) this.#context.count('dropped');
  }

  queued(): number {
    return this.#queue.length;
  }

  flush(): Promise<void> {
    return this.#queue.idle();
  }

  [Symbol.dispose](): void {
    this.#queue[Symbol.dispose]();
  }

  async #record(said: Event): Promise<void> {
    const { timers, closing, count } = this.#context;
    const correlated = this.#correlator.correlate(said);
    if (!correlated) {
      count('suppressed');
      return;
    }
    const written = await writeEvent((tries, request) => this.#write(correlated, tries, request), {
      timers,
      closing,
      // Not all clients are to come back at once when a server does.
      pauseMs: (tries) => (tries === 1 ? PauseMs * timers.random() : PauseMs),
    });
    if (written.outcome === 'sent') {
      count('sent');
      this.#correlator.written(written.stored, correlated.key);
    } else failedWrite(this.#context, said.reason, said.involvedObject, written);
  }

  /** Events do not live for ever: one that is to be counted up may be gone. */
  async #write({ event, patch }: CorrelatedEvent, tries: number, request: RequestOptions): Promise<Event> {
    if (patch) {
      try {
        return await this.#sink.patch(event, patch, request);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    try {
      return await this.#sink.create(event, request);
    } catch (error) {
      // The answer to an earlier try was lost on its way, and not the event.
      if (tries > 0 && isAlreadyExists(error)) return event;
      throw error;
    }
  }
}
