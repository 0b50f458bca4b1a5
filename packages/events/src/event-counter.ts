import type { Event } from '@client-ts/api/core/v1';
import { LruMap, type Patch } from '@client-ts/apimachinery';

/** What is known of an event that happened before. */
interface Seen {
  readonly name: string | undefined;
  readonly count: number;
  readonly firstTimestamp: string | null | undefined;
}

/** Counts equal events, so that they become one with a greater `count`. */
export class EventCounter {
  readonly #seen: LruMap<Seen>;

  constructor(cacheSize: number) {
    this.#seen = new LruMap(cacheSize);
  }

  get size(): number {
    return this.#seen.size;
  }

  /** The event as it now is, and what makes that of the one which the server has; no patch when it is the first of its kind. */
  observe(event: Event, key: string): { event: Event; patch: Patch | undefined } {
    const before = this.#seen.get(key);
    if (!before) {
      this.update(event, key);
      return { event, patch: undefined };
    }
    const { name, firstTimestamp } = before;
    const count = before.count + 1;
    const metadata = name === undefined ? event.metadata : { ...event.metadata, name };
    const again: Event = { ...event, metadata, count, ...(firstTimestamp === undefined ? {} : { firstTimestamp }) };
    this.update(again, key);
    const { lastTimestamp, message } = again;
    return {
      event: again,
      patch: { type: 'strategic', patch: { count, lastTimestamp, ...(message ? { message } : {}) } },
    };
  }

  /** Goes on from this event, such as one that the server gave back. */
  update({ metadata, count, firstTimestamp }: Event, key: string): void {
    this.#seen.set(key, { name: metadata.name, count: count ?? 1, firstTimestamp });
  }
}
