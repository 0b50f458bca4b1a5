import type { Event } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { completeCorrelatorOptions, type CorrelatorOptions } from './correlator-options.js';
import { coreEvent, podReference } from './event.test.kit.js';
import { type CorrelatedEvent, EventCorrelator } from './event-correlator.js';
import { EventNames } from './event-names.js';

const MaxEvents = 10;
const Burst = 25;

function newCorrelator(clock: FakeClock, options: CorrelatorOptions = {}): EventCorrelator {
  return new EventCorrelator(completeCorrelatorOptions(options), clock, new EventNames(clock));
}

/** As a broadcaster does it with a server that takes everything. */
function record(correlator: EventCorrelator, event: Event): CorrelatedEvent | undefined {
  const correlated = correlator.correlate(event);
  if (correlated) correlator.written(correlated.event, correlated.key);
  return correlated;
}

type About = Parameters<typeof podReference>;
type Said = readonly [reason: string, message: string, about?: About | undefined, fieldPath?: string | undefined];

const Duplicate: Said = ['duplicate', 'me again', ['my-pod', 'my-ns']];
const Similar: Said = ['similar', 'similar message', ['my-pod', 'my-ns'], 'spec.containers{container1}'];

const times = (count: number, said: Said): Said[] => Array.from({ length: count }, () => said);
const similar = (count: number): Said[] =>
  Array.from({ length: count }, (_, i) => [Similar[0], `similar message-${i}`, Similar[2], Similar[3]]);

describe('TestEventCorrelator', () => {
  test.each<{ name: string; before: Said[]; said: Said; seconds: number; expected: string | undefined }>([
    {
      name: 'create-a-single-event',
      before: [],
      said: ['first', 'i am first'],
      seconds: 5,
      expected: '1 i am first',
    },
    {
      name: 'the-same-event-should-just-count',
      before: times(1, Duplicate),
      said: Duplicate,
      seconds: 5,
      expected: '2 me again',
    },
    {
      name: 'the-same-event-should-just-count-even-if-more-than-aggregate',
      before: times(MaxEvents, Duplicate),
      said: Duplicate,
      seconds: 30,
      expected: '11 me again',
    },
    {
      name: 'the-same-event-is-spam-if-happens-too-frequently',
      before: times(Burst + 1, Duplicate),
      said: Duplicate,
      seconds: 1,
      expected: undefined,
    },
    {
      name: 'create-many-unique-events',
      before: Array.from({ length: 30 }, (_, i): Said => [`reason-${i}`, `message-${i}`, [`pod-${i}`, `ns-${i}`]]),
      said: ['unique', 'snowflake'],
      seconds: 5,
      expected: '1 snowflake',
    },
    {
      name: 'similar-events-should-aggregate-event',
      before: similar(MaxEvents - 1),
      said: Similar,
      seconds: 5,
      expected: '1 (combined from similar events): similar message',
    },
    {
      name: 'similar-events-many-times-should-count-the-aggregate',
      before: similar(MaxEvents),
      said: Similar,
      seconds: 5,
      expected: '2 (combined from similar events): similar message',
    },
    {
      name: 'events-from-different-containers-do-not-aggregate',
      before: [[Similar[0], Similar[1], Similar[2], 'spec.containers{container2}']],
      said: Similar,
      seconds: 5,
      expected: '1 similar message',
    },
    {
      // client-go has 600 s here, and its clock goes on with every look at it: between two events it is more than that.
      name: 'similar-events-whose-interval-is-greater-than-aggregate-interval-do-not-aggregate',
      before: similar(MaxEvents - 1),
      said: Similar,
      seconds: 601,
      expected: '1 similar message',
    },
    {
      name: 'similar events whose interval is just the aggregate interval do aggregate',
      before: similar(MaxEvents - 1),
      said: Similar,
      seconds: 600,
      expected: '1 (combined from similar events): similar message',
    },
  ])('$name', async ({ before, said, seconds, expected }) => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    let last: CorrelatedEvent | undefined;
    for (const [reason, message, about, fieldPath] of [...before, said]) {
      const reference = podReference(...(about ?? []));
      if (fieldPath !== undefined) reference.fieldPath = fieldPath;
      last = record(correlator, coreEvent(clock, reason, message, reference));
      await clock.advance(seconds * 1000);
    }
    expect(last && `${last.event.count} ${last.event.message}`).toBe(expected);
  });
});

describe('TestEventSpamFilter', () => {
  const byReason = (event: Event): string => `${event.involvedObject.name} ${event.reason}`;

  test.each([
    ['of the same object, by default', undefined, 'duplicate', true],
    ['of the same object with another reason, with a key by reason', byReason, 'duplicate', false],
    ['of the same object with the same reason and another message, with a key by reason', byReason, 'original', true],
  ])('%s', async (_, spamKey, reason, isSpam) => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock, { spamBurst: 1, spamKey });
    expect(record(correlator, coreEvent(clock, 'original', 'i am first'))).toBeDefined();
    await clock.advance(1000);
    expect(record(correlator, coreEvent(clock, reason, 'me again')) === undefined).toBe(isSpam);
  });

  test('one event more every five minutes, and one at a time', async () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    const next = (): number | undefined => record(correlator, coreEvent(clock, ...(['a', 'b'] as const)))?.event.count;
    for (let count = 1; count <= Burst; count++) expect(next()).toBe(count);
    expect(next()).toBeUndefined();
    await clock.advance(299_999);
    expect(next()).toBeUndefined();
    await clock.advance(1);
    // What was held back has been counted.
    expect(next()).toBe(Burst + 3);
    expect(next()).toBeUndefined();
  });

  test('a clock that is set back brings no years of silence', () => {
    let now = Date.UTC(2030, 0, 1);
    const clock = new FakeClock();
    clock.now = () => now;
    const correlator = newCorrelator(clock);
    for (let count = 1; count <= Burst; count++) record(correlator, coreEvent(clock, 'a', 'b'));
    now = Date.UTC(2020, 0, 1);
    expect(record(correlator, coreEvent(clock, 'a', 'b'))).toBeUndefined();
    now += 300_000;
    expect(record(correlator, coreEvent(clock, 'a', 'b'))).toBeDefined();
  });
});

describe('an event that happened before', () => {
  test('is the one that the server has, by its name and first time, and the patch says what is new', async () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    const first = record(correlator, coreEvent(clock, 'a', 'b'));
    await clock.advance(7_000);
    const second = record(correlator, coreEvent(clock, 'a', 'b'));
    expect(first?.patch).toBeUndefined();
    expect(second?.event).toMatchObject({
      metadata: { name: first?.event.metadata.name },
      firstTimestamp: '2020-01-01T00:00:00Z',
      lastTimestamp: '2020-01-01T00:00:07Z',
    });
    const patch = { count: 2, lastTimestamp: '2020-01-01T00:00:07Z', message: 'b' };
    expect(second?.patch).toEqual({ type: 'strategic', patch });
  });

  test('an empty message is not in the patch', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    record(correlator, coreEvent(clock, 'a', ''));
    const again = record(correlator, coreEvent(clock, 'a', ''));
    expect(again?.patch).toEqual({ type: 'strategic', patch: { count: 2, lastTimestamp: '2020-01-01T00:00:00Z' } });
  });

  test('goes on from what the server has, which others may have counted up', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    const first = correlator.correlate(coreEvent(clock, 'a', 'b'));
    if (first) correlator.written({ ...first.event, count: 41 }, first.key);
    expect(correlator.correlate(coreEvent(clock, 'a', 'b'))?.event.count).toBe(42);
  });

  test('texts that only together are the same are different events', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    record(correlator, coreEvent(clock, 'Failed', 'Mount'));
    expect(record(correlator, coreEvent(clock, 'FailedMount', ''))?.event.count).toBe(1);
  });
});

describe('a combined event', () => {
  test('has the fields of client-go: no annotations, and nobody who reports it', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock, { maxEvents: 1 });
    const said = coreEvent(clock, 'a', 'b');
    const event = { ...said, metadata: { ...said.metadata, annotations: { c: 'd' } }, reportingComponent: 'kubelet' };
    const combined = correlator.correlate(event)?.event;
    expect(combined?.metadata.name).toMatch(/^pod1\.[0-9a-f]{16}$/);
    expect(combined).toEqual({
      metadata: { name: combined?.metadata.name, namespace: 'other' },
      involvedObject: said.involvedObject,
      type: 'Normal',
      reason: 'a',
      source: said.source,
      message: '(combined from similar events): b',
      firstTimestamp: '2020-01-01T00:00:00Z',
      lastTimestamp: '2020-01-01T00:00:00Z',
      count: 1,
    });
  });

  test('has a message that fits, however long the one it is made of', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock, { maxEvents: 1, combinedMessage: ({ message }) => `${message}!` });
    const message = correlator.correlate(coreEvent(clock, 'a', 'é'.repeat(512)))?.event.message ?? '';
    expect(new TextEncoder().encode(message).length).toBeLessThanOrEqual(1024);
    expect(message.endsWith('é...')).toBe(true);
  });
});

describe('what is remembered', () => {
  test.each([undefined, 7])('has a limit of 4096, or of what is asked for: %s', (cacheSize) => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock, { cacheSize });
    for (let each = 0; each < 5000; each++) record(correlator, coreEvent(clock, 'a', 'b', podReference(`pod-${each}`)));
    expect(correlator.size).toBe(cacheSize ?? 4096);
  });

  test('of one object with ever new messages is what it takes to combine them', () => {
    const clock = new FakeClock();
    const correlator = newCorrelator(clock);
    for (let each = 0; each < 5000; each++) record(correlator, coreEvent(clock, 'a', `message ${each}`));
    // Nine of their own, and the combined one.
    expect(correlator.size).toBe(10);
  });
});

test.each([
  [{ cacheSize: 0 }, 'cacheSize: expected a whole number from 1 on, got 0'],
  [{ maxEvents: 1.5 }, 'maxEvents: expected a whole number from 1 on, got 1.5'],
  [{ maxIntervalMs: -1 }, 'maxIntervalMs: expected a whole number from 0 on, got -1'],
  [{ spamBurst: 0 }, 'spamBurst: expected a whole number from 1 on, got 0'],
  [{ spamQps: 0 }, 'spamQps: expected more than 0, got 0'],
])('options that make no sense are refused: %j', (options, message) => {
  expect(() => completeCorrelatorOptions(options)).toThrow(new RangeError(message));
});
