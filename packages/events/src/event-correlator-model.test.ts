import type { Event } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeCorrelatorOptions } from './correlator-options.js';
import { coreEvent, podReference } from './event.test.kit.js';
import { EventCorrelator } from './event-correlator.js';
import { EventNames } from './event-names.js';

const Limits = { cacheSize: 3, maxEvents: 3, maxIntervalMs: 60_000, spamBurst: 4, spamQps: 1 / 30 };

/** What is remembered, newest last: all of it in lists that are searched from end to end. */
class Memory<V> {
  entries: { key: string; value: V }[] = [];

  /** The value, which is the newest then; at most as many as there is a place for stay. */
  use(key: string, next: (old: V | undefined) => V): V {
    const value = next(this.entries.find((entry) => entry.key === key)?.value);
    this.entries = [...this.entries.filter((entry) => entry.key !== key), { key, value }].slice(-Limits.cacheSize);
    return value;
  }
}

/** The rules in plain words, with whole tokens and texts as keys; texts of the test have no blanks. */
class Model {
  readonly #groups = new Memory<{ messages: string[]; last: number }>();
  readonly #counts = new Memory<{ count: number; name: string; first: number }>();
  readonly #tokens = new Memory<{ tokens: number; at: number }>();

  correlate({ object, reason, message }: Said, now: number, name: string): string | undefined {
    const group = `${object} ${reason}`;
    let isCombined = false;
    this.#groups.use(group, (old) => {
      const messages = old && now - old.last <= Limits.maxIntervalMs ? old.messages : [];
      const all = messages.includes(message) ? messages : [...messages, message];
      isCombined = all.length >= Limits.maxEvents;
      return { messages: isCombined ? all.slice(1) : all, last: now };
    });
    const key = isCombined ? group : `${group} ${message}`;
    const event = this.#counts.use(key, (old) => ({
      count: (old?.count ?? 0) + 1,
      name: old?.name ?? name,
      first: old?.first ?? now,
    }));
    let isSpam = false;
    this.#tokens.use(object, (old) => {
      // Thirty seconds of whole tokens: time that makes no whole one is kept.
      const filled = old ? Math.min(Limits.spamBurst * 30_000, old.tokens + now - old.at) : Limits.spamBurst * 30_000;
      isSpam = filled < 30_000;
      return { tokens: isSpam ? filled : filled - 30_000, at: now };
    });
    if (isSpam) return undefined;
    const said = isCombined ? `(combined from similar events): ${message}` : message;
    return `${event.count} ${said} since ${event.first} as ${isCombined ? 'a combined one' : event.name}`;
  }
}

interface Said {
  readonly object: string;
  readonly reason: string;
  readonly message: string;
}

const said = fc.record({
  object: fc.constantFrom('a', 'b', 'c', 'd'),
  reason: fc.constantFrom('r', 's'),
  message: fc.constantFrom('k', 'l', 'm', 'n', 'o'),
  passMs: fc.constantFrom(0, 0, 1000, 15_000, 30_000, 60_000, 61_000, 300_000),
});

test('a correlator does what a straightforward one does, whatever is said and when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 120, size: 'max' }), async (history) => {
      const clock = new FakeClock();
      const start = clock.now();
      const correlator = new EventCorrelator(completeCorrelatorOptions(Limits), clock, new EventNames(clock));
      const model = new Model();
      for (const { passMs, ...what } of history) {
        clock.now = (
          (now) => () =>
            now
        )(clock.now() + passMs);
        const event = coreEvent(clock, what.reason, what.message, podReference(what.object));
        const correlated = correlator.correlate(event);
        if (correlated) correlator.written(correlated.event, correlated.key);
        const expected = model.correlate(what, clock.now() - start, event.metadata.name ?? '');
        expect(correlated && tell(correlated.event, start)).toBe(expected);
        expect(correlator.size).toBeLessThanOrEqual(Limits.cacheSize);
      }
    }),
    { numRuns: 60 },
  );
});

function tell({ count, message, firstTimestamp, metadata }: Event, start: number): string {
  const since = Date.parse(firstTimestamp ?? '') - start;
  const name = message?.startsWith('(') ? 'a combined one' : metadata.name;
  return `${count} ${message} since ${since} as ${name}`;
}
