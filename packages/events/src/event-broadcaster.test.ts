import type { Event } from '@client-ts/api/core/v1';
import type { Metric, MetricLabels, MetricSample, MetricsProvider } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { TransportError } from '@client-ts/rest';
import { describe, expect, test, vi } from 'vitest';
import { Scene } from './broadcaster.test.kit.js';
import { coreEvents } from './core-events.js';
import { MemorySink } from './event.test.kit.js';
import { EventBroadcaster } from './event-broadcaster.js';
import { eventMetrics } from './event-metrics.js';
import type { EventRecorder } from './event-recorder.js';
import type { EventObject } from './object-reference.js';
import { seriesEvents } from './series-events.js';

const pod: EventObject = { apiVersion: 'v1', kind: 'Pod', namespace: 'b', name: 'foo' };

const Apis = [
  ['coreEvents', coreEvents],
  ['seriesEvents', seriesEvents],
] as const;

describe.each(Apis)('the manners of a broadcaster of %s', (_, api) => {
  test.each<[what: string, say: (recorder: EventRecorder) => void, message: string]>([
    [
      'no kind',
      (recorder) => recorder.event({ apiVersion: 'v1', metadata: { name: 'a' } }, 'Normal', 'Started', 'c'),
      'event Started was not recorded: kind: expected a text that is not empty, of an object from the server or a reference',
    ],
    [
      'no name',
      (recorder) => recorder.event({ apiVersion: 'v1', kind: 'Pod', metadata: {} }, 'Normal', 'Started', 'c'),
      'event Started was not recorded: metadata.name: expected a text that is not empty, of an object from the server or a reference',
    ],
    [
      'a type that there is not',
      (recorder) => recorder.event(pod, 'Error' as 'Warning', 'Started', 'c'),
      `event Started was not recorded: type: expected 'Normal' or 'Warning', got "Error"`,
    ],
    [
      'no reason',
      (recorder) => recorder.event(pod, 'Normal', '', 'c'),
      'event  was not recorded: reason: expected a word in UpperCamelCase',
    ],
    [
      'no object',
      (recorder) => recorder.event(undefined as unknown as EventObject, 'Normal', 'Started', 'c'),
      'event Started was not recorded: ',
    ],
    [
      'a reason that is no text',
      (recorder) => recorder.event(pod, 'Normal', Symbol('x') as unknown as string, 'c'),
      'an event was not recorded: ',
    ],
    [
      'a message that is no text',
      (recorder) => recorder.event(pod, 'Normal', 'Started', Symbol('x') as unknown as string),
      'event Started was not recorded: ',
    ],
    [
      'a related object without a kind',
      (recorder) => recorder.event(pod, 'Normal', 'Started', 'c', { related: { name: 'a' } }),
      'event Started was not recorded: kind: expected a text that is not empty, of an object from the server or a reference',
    ],
    [
      'an object that throws when it is looked at',
      (recorder) =>
        recorder.event(
          {
            get metadata(): never {
              throw new Error('do not look');
            },
          },
          'Normal',
          'Started',
          'c',
        ),
      'event Started was not recorded: do not look',
    ],
  ])('what is wrong with an event is told to onError, and not to the caller: %s', async (_, say, message) => {
    await using scene = new Scene<Event>(api() as never);
    say(scene.recorder);
    await scene.broadcaster.flush();
    expect(scene.errors.map((error) => error.message.slice(0, message.length))).toEqual([message]);
    expect(scene.failures).toEqual(['invalid']);
    expect(scene.broadcaster.stats()).toMatchObject({ invalid: 1, sent: 0 });
  });

  test('a handler of errors that throws stops nothing', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    await using broadcaster = new EventBroadcaster<never>(api() as never, {
      onError: () => {
        throw new Error('this, too');
      },
    });
    broadcaster.recorder({ component: 'a' }).event({}, 'Normal', 'Started', 'c');
    expect(shown).toHaveBeenCalledOnce();
    shown.mockRestore();
  });

  test('without a handler of errors there is a line on the console', async () => {
    const shown = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using broadcaster = new EventBroadcaster<never>(api() as never);
    broadcaster.recorder({ component: 'a' }).event({ kind: 'Pod' }, 'Normal', 'Started', 'c');
    expect(shown.mock.calls.flat()).toEqual([expect.stringMatching(/^event Started was not recorded: name: /)]);
    shown.mockRestore();
  });

  test('a sink that takes nothing holds nobody up: what has no place is dropped, counted, and told once', async () => {
    const scene = new Scene<Event>(api() as never);
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    scene.sink.before = () => gate;
    const say = (count: number): void => {
      for (let i = 0; i < count; i++) scene.recorder.event({ ...pod, name: `foo-${i}` }, 'Normal', `Reason${i}`, 'c');
    };
    say(1500);
    expect(scene.broadcaster.stats()).toMatchObject({ dropped: 500, queued: 1000 });
    expect(scene.failures).toEqual(['overflow']);
    release();
    await scene.broadcaster.flush();
    expect(scene.broadcaster.stats()).toMatchObject({ dropped: 500, queued: 0, sent: 1000 });
    scene.sink.before = () => new Promise(() => {});
    say(1500);
    expect(scene.failures).toEqual(['overflow', 'overflow']);
    await scene[Symbol.asyncDispose]();
  });

  test('the end waits for as long as it may, and then counts what is lost', async () => {
    const scene = new Scene<Event>(api() as never, { closeTimeoutMs: 3000 });
    const signals: (AbortSignal | undefined)[] = [];
    scene.sink.create = (_, ...[options]: { signal?: AbortSignal }[]) =>
      new Promise((_, reject) => {
        signals.push(options?.signal);
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
      });
    for (let i = 0; i < 10; i++) scene.recorder.event({ ...pod, name: `foo-${i}` }, 'Normal', `Reason${i}`, 'c');
    await settle();
    const closed = scene.broadcaster[Symbol.asyncDispose]();
    await scene.clock.advance(2999);
    expect(signals.every((signal) => signal?.aborted === false)).toBe(true);
    await scene.clock.advance(1);
    await closed;
    await settle();
    expect(signals.every((signal) => signal?.aborted)).toBe(true);
    expect(scene.failures).toEqual(['closed']);
    expect(scene.broadcaster.stats()).toMatchObject({ dropped: 10, queued: 0 });
    expect(scene.clock.pending).toBe(0);
  });

  test('TestBroadcasterShutdown: nothing is left behind, and it may end twice', async () => {
    const scene = new Scene<Event>(api() as never);
    scene.broadcaster.watch(() => {});
    scene.recorder.event(pod, 'Normal', 'Started', 'c');
    await Promise.all([scene.broadcaster[Symbol.asyncDispose](), scene.broadcaster[Symbol.asyncDispose]()]);
    expect(scene.clock.pending).toBe(0);
    expect(scene.broadcaster.stats()).toMatchObject({ sent: 1, queued: 0 });
  });

  test('a recording that ends takes nothing more, and the end of all waits for it', async () => {
    const scene = new Scene<Event>(api() as never, { closeTimeoutMs: 3000 });
    const second = new MemorySink<Event>();
    let release = (): void => {};
    second.before = () => new Promise<void>((resolve) => (release = resolve));
    const recording = scene.broadcaster.recordTo(second);
    scene.recorder.event(pod, 'Normal', 'Started', 'a');
    await settle();
    const ended = recording[Symbol.asyncDispose]();
    scene.recorder.event(pod, 'Normal', 'Stopped', 'b');
    let isClosed = false;
    const closed = scene.broadcaster[Symbol.asyncDispose]().then(() => (isClosed = true));
    await settle();
    expect(isClosed).toBe(false);
    release();
    await Promise.all([ended, closed, recording[Symbol.asyncDispose]()]);
    expect(scene.sink.log(({ reason }) => reason)).toEqual(['create Started', 'create Stopped']);
    expect(second.log(({ reason }) => reason)).toEqual(['create Started']);
    expect(scene.broadcaster.stats()).toMatchObject({ sent: 3, dropped: 0 });
    expect(scene.failures).toEqual([]);
    expect(scene.clock.pending).toBe(0);
  });

  test('TestNonRacyShutdown: what is recorded before the end is written, and what comes after is dropped', async () => {
    const scene = new Scene<Event>(api() as never);
    for (let i = 0; i < 100; i++) scene.recorder.event({ ...pod, name: `foo-${i}` }, 'Normal', 'Started', 'blah');
    const closed = scene.broadcaster[Symbol.asyncDispose]();
    for (let i = 0; i < 100; i++) scene.recorder.event({ ...pod, name: `late-${i}` }, 'Normal', 'Started', 'blah');
    await closed;
    expect(scene.sink.stored.size).toBe(100);
    expect(scene.broadcaster.stats()).toMatchObject({ sent: 100, dropped: 100 });
    expect(scene.failures).toEqual(['closed']);
    expect(() => scene.broadcaster.recordTo(new MemorySink())).toThrow('the broadcaster is closed');
  });
});

describe('watch', () => {
  test('a handler is told of each event, later, in order, and one at a time; what it throws is told', async () => {
    await using scene = new Scene(coreEvents());
    const seen: string[] = [];
    const watcher = scene.broadcaster.watch(async ({ message = '' }) => {
      seen.push(message);
      await settle();
      seen.push(`${message} done`);
      if (message === 'a') throw new Error('no a');
    });
    scene.recorder.event(pod, 'Normal', 'Started', 'a');
    scene.recorder.event(pod, 'Normal', 'Started', 'b');
    expect(seen).toEqual([]);
    await scene.broadcaster.flush();
    expect(seen).toEqual(['a', 'a done', 'b', 'b done']);
    expect(scene.errors.map(({ message }) => message)).toEqual(['the handler of a watcher: no a']);
    watcher[Symbol.dispose]();
    scene.recorder.event(pod, 'Normal', 'Started', 'c');
    await scene.broadcaster.flush();
    expect(seen).not.toContain('c');
  });

  test('a handler that never ends has its own queue, and nobody waits for it', async () => {
    await using scene = new Scene(coreEvents());
    scene.broadcaster.watch(() => new Promise(() => {}));
    const seen: string[] = [];
    scene.broadcaster.watch(({ message = '' }) => void seen.push(message));
    for (let i = 0; i < 2; i++) {
      for (let each = 0; each < 700; each++) scene.recorder.event(pod, 'Normal', 'Started', `${each}`);
      await settle();
    }
    expect(seen).toHaveLength(1400);
    // One is being dealt with.
    expect(scene.broadcaster.stats()).toMatchObject({ dropped: 399 });
  });

  test('events are frozen: what one of many does with them is not to change what others get', async () => {
    await using scene = new Scene(coreEvents());
    scene.broadcaster.watch((event) => {
      event.involvedObject.name = 'other';
    });
    scene.recorder.event(pod, 'Normal', 'Started', 'a');
    await scene.broadcaster.flush();
    expect(scene.failures).toEqual(['callback']);
    expect([...scene.sink.stored.values()][0]?.involvedObject.name).toBe('foo');
  });
});

test('an option of the correlator that throws costs the event, and no other', async () => {
  await using scene = new Scene(
    coreEvents({
      spamKey: ({ message }) => {
        if (message === 'a') throw new Error('no a');
        return '';
      },
    }),
  );
  for (const message of ['a', 'b']) scene.recorder.event(pod, 'Normal', 'Started', message);
  await scene.broadcaster.flush();
  expect(scene.sink.log(({ message }) => message)).toEqual(['create b']);
  expect(scene.failures).toEqual(['callback']);
});

test('flush ends when its signal aborts, and the events go on', async () => {
  await using scene = new Scene(coreEvents());
  scene.sink.before = () => {
    if (scene.sink.writes.length === 1) throw new TransportError('connect', 'refused');
  };
  scene.recorder.event(pod, 'Normal', 'Started', 'a');
  const abort = new AbortController();
  const flushed = scene.broadcaster.flush({ signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(flushed).rejects.toThrow('enough');
  await scene.clock.advance(10_000);
  expect(scene.sink.stored.size).toBe(1);
});

test('long and broken texts are made to fit before anything is done with them', async () => {
  await using scene = new Scene(coreEvents());
  scene.recorder.event(pod, 'Normal', 'R'.repeat(1_000_000), `\ud83d${'é'.repeat(1_000_000)}`);
  await scene.broadcaster.flush();
  const [event] = scene.sink.stored.values();
  expect(event?.reason).toBe(`${'R'.repeat(125)}...`);
  expect(event?.message).toBe(`\ufffd${'é'.repeat(509)}...`);
});

test('metrics count what became of events, and show what waits until the end', async () => {
  const counted: string[] = [];
  const gauges = new Set<() => readonly MetricSample[]>();
  const provider: MetricsProvider = {
    counter: ({ name }: Metric, labels: MetricLabels) => ({
      inc: () => void counted.push(`${name} ${labels['name']} ${labels['outcome']}`),
    }),
    histogram: () => ({ observe: () => {} }),
    gauge: (_, read) => {
      gauges.add(read);
      return { [Symbol.dispose]: () => void gauges.delete(read) };
    },
  };
  const clock = new FakeClock();
  const broadcaster = new EventBroadcaster(coreEvents(), { clock, metrics: eventMetrics(provider), name: 'mine' });
  broadcaster.recordTo(new MemorySink());
  broadcaster.recorder({ component: 'a' }).event(pod, 'Normal', 'Started', 'a');
  expect([...gauges].flatMap((read) => read())).toEqual([{ labels: { name: 'mine' }, value: 1 }]);
  await broadcaster[Symbol.asyncDispose]();
  expect(counted).toEqual(['event_broadcaster_events_total mine sent']);
  expect(gauges.size).toBe(0);
});

test('a provider of metrics that throws loses no event, and throws at nobody who records one', async () => {
  const told: string[] = [];
  const fail = (): never => {
    throw new Error('mine');
  };
  const provider = { counter: () => ({ inc: fail }), histogram: fail, gauge: fail };
  const scene = new Scene(coreEvents(), {
    metrics: eventMetrics(provider, { onError: (_, { name }) => told.push(name) }),
  });
  scene.recorder.event(pod, 'Normal', '', 'invalid');
  for (const reason of ['A', 'B']) scene.recorder.event(pod, 'Normal', reason, 'a');
  await scene[Symbol.asyncDispose]();
  scene.recorder.event(pod, 'Normal', 'Late', 'a');
  expect(scene.sink.stored.size).toBe(2);
  expect(scene.broadcaster.stats()).toMatchObject({ sent: 2, invalid: 1, dropped: 1 });
  expect(told).toEqual(['event_broadcaster_queued_events', 'event_broadcaster_events_total']);
});

test('a source has to have a name', async () => {
  await using broadcaster = new EventBroadcaster(coreEvents());
  expect(() => broadcaster.recorder({ component: '' })).toThrow('component: expected a text that is not empty');
});
