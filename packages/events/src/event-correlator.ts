import type { Event } from '@client-ts/api/core/v1';
import type { Clock, Patch } from '@client-ts/apimachinery';
import type { CompleteCorrelatorOptions } from './correlator-options.js';
import { EventAggregator } from './event-aggregator.js';
import { EventCounter } from './event-counter.js';
import type { EventNames } from './event-names.js';
import { SpamFilter } from './spam-filter.js';

/** What is to be written for an event. */
export interface CorrelatedEvent {
  readonly event: Event;
  /** For {@link EventCorrelator.written}. */
  readonly key: string;
  /** Makes it of the one that the server has; undefined when the server has none. */
  readonly patch: Patch | undefined;
}

/**
 * Keeps servers from being flooded with events: similar ones are combined, equal ones counted, and what is still too much is held
 * back, in this order, as client-go does it. What is held back is counted all the same.
 */
export class EventCorrelator {
  readonly #aggregator: EventAggregator;
  readonly #counter: EventCounter;
  readonly #spam: SpamFilter;

  constructor(options: CompleteCorrelatorOptions, clock: Clock, names: EventNames) {
    this.#aggregator = new EventAggregator(options, clock, names);
    this.#counter = new EventCounter(options.cacheSize);
    this.#spam = new SpamFilter(options, clock);
  }

  /** How many entries the largest of its memories has. */
  get size(): number {
    return Math.max(this.#aggregator.size, this.#counter.size, this.#spam.size);
  }

  /** @returns undefined when the event is not to be written. */
  correlate(said: Event): CorrelatedEvent | undefined {
    const { event: aggregate, key } = this.#aggregator.aggregate(said);
    const { event, patch } = this.#counter.observe(aggregate, key);
    return this.#spam.isSpam(event) ? undefined : { event, key, patch };
  }

  /** Goes on from what the server has made of it. */
  written(event: Event, key: string): void {
    this.#counter.update(event, key);
  }
}
