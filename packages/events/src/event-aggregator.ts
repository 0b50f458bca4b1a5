import type { Event } from '@client-ts/api/core/v1';
import { type Clock, LruMap } from '@client-ts/apimachinery';
import { type CompleteCorrelatorOptions, eventKeyOf } from './correlator-options.js';
import type { EventNames } from './event-names.js';
import { timeOf } from './event-time.js';
import { fitText } from './fit-text.js';
import { MaxMessageBytes } from './said-event.js';

interface Group {
  /** What told its events apart: at most one less than it takes to combine them. */
  readonly localKeys: Set<string>;
  readonly lastAt: number;
}

/** Puts one event in the place of many similar ones. */
export class EventAggregator {
  readonly #options: CompleteCorrelatorOptions;
  readonly #clock: Clock;
  readonly #names: EventNames;
  readonly #groups: LruMap<Group>;

  constructor(options: CompleteCorrelatorOptions, clock: Clock, names: EventNames) {
    this.#options = options;
    this.#clock = clock;
    this.#names = names;
    this.#groups = new LruMap(options.cacheSize);
  }

  get size(): number {
    return this.#groups.size;
  }

  /** The event itself, or the one that stands for it and those like it; and the key under which it is counted. */
  aggregate(event: Event): { event: Event; key: string } {
    const { groupKey, localKey, maxEvents, maxIntervalMs } = this.#options;
    const now = this.#clock.now();
    const key = groupKey(event);
    const known = this.#groups.get(key);
    const localKeys = known && now - known.lastAt <= maxIntervalMs ? known.localKeys : new Set<string>();
    localKeys.add(localKey(event));
    this.#groups.set(key, { localKeys, lastAt: now });
    if (localKeys.size < maxEvents) return { event, key: eventKeyOf(event) };
    // Not to grow with every further message, and still to be as many with the next one.
    for (const oldest of localKeys) {
      localKeys.delete(oldest);
      break;
    }
    return { event: this.#combined(event, timeOf(now)), key };
  }

  /** As client-go has it: without who reports it, and without annotations. */
  #combined(event: Event, now: string): Event {
    const { metadata, involvedObject, type, reason, source } = event;
    return {
      metadata: {
        name: this.#names.next(involvedObject.name ?? ''),
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
      involvedObject,
      ...(type === undefined ? {} : { type }),
      ...(reason === undefined ? {} : { reason }),
      ...(source === undefined ? {} : { source }),
      message: fitText(this.#options.combinedMessage(event), MaxMessageBytes),
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
  }
}
