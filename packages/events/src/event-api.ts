import type { Clock, KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import type { EventErrorHandler } from './event-error.js';
import type { EventNames } from './event-names.js';
import type { EventOutcome } from './event-stats.js';
import type { EventSink } from './event-sink.js';
import type { ClosingSignals } from './event-writer.js';
import type { SaidEvent } from './said-event.js';

/** Who records events. */
export interface EventSource {
  /** Such as `website-controller`, or `example.com/website-controller`. */
  readonly component: string;
  /** The node or Pod that it runs on. */
  readonly host?: string | undefined;
}

/** One of the two APIs that servers have for events: made by {@link coreEvents} or {@link seriesEvents}. */
export interface EventApi<E extends KubernetesObject> {
  readonly descriptor: ResourceDescriptor<E>;
  /**
   * Makes events of this source.
   *
   * @throws TypeError when no server would take them.
   */
  eventsOf(source: EventSource): (said: SaidEvent) => E;
  /** Begins to write events to a sink. */
  record(sink: EventSink<E>, context: RecordingContext): Recording<E>;
}

/** What broadcasters and their recordings have in common. */
export interface RecordingContext {
  /** The time of day. */
  readonly clock: Clock;
  /** For pauses: a clock that is set back must not make them longer. */
  readonly timers: Clock;
  readonly names: EventNames;
  readonly closing: ClosingSignals;
  readonly count: (outcome: EventOutcome) => void;
  readonly report: EventErrorHandler;
}

/** Writes events to one sink, until it is disposed of. What is left then is lost. */
export interface Recording<E> extends Disposable {
  /** Never throws, and never waits. */
  offer(event: E): void;
  /** How much waits to be written, counts of series included. */
  queued(): number;
  /** Resolves when all of it is written or given up. */
  flush(): Promise<void>;
}
