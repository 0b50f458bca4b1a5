import type { Event } from '@client-ts/api/events/v1';
import { newAlreadyExists, newForbidden } from '@client-ts/apimachinery/errors';
import { RequestError, TransportError } from '@client-ts/rest';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { Scene } from './broadcaster.test.kit.js';
import type { EventObject } from './object-reference.js';
import type { EventOptions } from './said-event.js';
import { seriesEvents } from './series-events.js';

const Minute = 60_000;
const events = { group: 'events.k8s.io', resource: 'events' };

const part = (fieldPath: string): EventObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'baz',
  name: 'foo',
  uid: 'bar',
  fieldPath,
});
const about: EventObject = part('.spec.containers[1]');
const related: EventObject = part('.spec.containers[0]');

function newScene(): Scene<Event> & { say: (options?: EventOptions) => void } {
  const scene = new Scene(seriesEvents());
  const say = (options: EventOptions = {}): void =>
    scene.recorder.event(about, 'Normal', 'test', 'some verbose message: 1', {
      related,
      action: 'started',
      ...options,
    });
  return Object.assign(scene, { say });
}

const countOf = ({ series }: Event): string => `${series?.count ?? 1}`;
/** What was written, and when, in minutes. */
function writesOf(scene: Scene<Event>): string[] {
  const start = scene.clock.now();
  const seen: string[] = [];
  scene.sink.before = ({ verb, event }) =>
    void seen.push(`${verb} ${countOf(event)} after ${(scene.clock.now() - start) / Minute} min`);
  return seen;
}

describe('TestEventSeriesf', () => {
  test('the second of equal events begins a series, and another action makes another event', async () => {
    await using scene = newScene();
    for (const action of ['started', 'started', 'stopped']) {
      scene.say({ action });
      await settle();
    }
    expect(scene.sink.log((event) => `${event.action} ${countOf(event)}`)).toEqual([
      'create started 1',
      'patch started 2',
      'create stopped 1',
    ]);
    const patch = { series: { count: 2, lastObservedTime: '2020-01-01T00:00:00.000000Z' } };
    expect(scene.sink.writes[1]?.patch).toEqual({ type: 'strategic', patch });
    const [event] = scene.sink.stored.values();
    expect(event?.metadata?.name).toMatch(/^foo\.[0-9a-f]{16}$/);
    // No deprecated field: servers refuse events that come with one.
    expect(event).toEqual({
      metadata: { name: event?.metadata?.name, namespace: 'baz' },
      eventTime: '2020-01-01T00:00:00.000000Z',
      series: { count: 2, lastObservedTime: '2020-01-01T00:00:00.000000Z' },
      reportingController: 'eventTest',
      reportingInstance: 'eventTest',
      action: 'started',
      reason: 'test',
      regarding: about,
      related,
      note: 'some verbose message: 1',
      type: 'Normal',
    });
  });

  test.each<[what: string, options: EventOptions & { reason?: string; object?: EventObject }, count: string]>([
    ['the message', {}, '2'],
    ['annotations', { annotations: { a: 'b' } }, '2'],
    ['a newer version of the object', { object: { ...about, resourceVersion: '8' } }, '2'],
    ['the part of the object', { object: related }, '1'],
    ['the object', { object: { ...about, uid: 'other' } }, '1'],
    ['the related object', { related: about }, '1'],
    ['the reason', { reason: 'other' }, '1'],
  ])('with another one of these, it is the same event (2) or not (1): %s', async (_, options, count) => {
    await using scene = newScene();
    scene.say();
    await settle();
    const { reason = 'test', object = about, ...rest } = options;
    scene.recorder.event(object, 'Normal', reason, 'another message', { related, action: 'started', ...rest });
    await settle();
    expect(scene.sink.log(countOf).at(-1)?.split(' ')[1]).toBe(count);
  });

  test('the action is the reason where none is given, since servers want one', async () => {
    await using scene = newScene();
    scene.recorder.event(about, 'Warning', 'Failed', 'a');
    await settle();
    expect([...scene.sink.stored.values()][0]).toMatchObject({ action: 'Failed', reason: 'Failed', type: 'Warning' });
  });

  test('the instance names controller and host, and has a length that servers take', async () => {
    await using scene = newScene();
    const source = { component: 'example.com/eventTest', host: 'h'.repeat(200) };
    scene.broadcaster.recorder(source).event(about, 'Normal', 'a', 'b');
    await settle();
    const [event] = scene.sink.stored.values();
    expect(event?.reportingInstance).toBe(`example.com/eventTest-${'h'.repeat(103)}...`);
    expect(event?.reportingController).toBe('example.com/eventTest');
  });

  test('a controller whose name no server takes is refused when the recorder is made', async () => {
    await using scene = newScene();
    expect(() => scene.broadcaster.recorder({ component: 'event test' })).toThrow(/^component: "event test": /);
  });
});

test('TestEventSeriesWithEventSinkImplRace: two at once are one event with a series', async () => {
  await using scene = newScene();
  scene.say();
  scene.say();
  await scene.broadcaster.flush();
  expect([...scene.sink.stored.values()].map(({ series }) => series?.count)).toEqual([2]);
});

describe('TestFinishSeries', () => {
  test('the last count is written when nothing came for six minutes, and the next event is a new one', async () => {
    await using scene = newScene();
    const seen = writesOf(scene);
    for (let i = 0; i < 10; i++) {
      scene.say();
      await settle();
    }
    await scene.clock.advance(20 * Minute);
    expect(scene.clock.pending).toBe(0);
    scene.say();
    await settle();
    expect(seen).toEqual([
      'create 1 after 0 min',
      'patch 2 after 0 min',
      'patch 10 after 12 min',
      'create 1 after 20 min',
    ]);
    expect(scene.sink.stored.size).toBe(2);
  });

  test('an event that stayed alone is forgotten, and not written again', async () => {
    await using scene = newScene();
    const seen = writesOf(scene);
    scene.say();
    await scene.clock.advance(12 * Minute);
    expect(scene.clock.pending).toBe(0);
    scene.say();
    await settle();
    expect(seen).toEqual(['create 1 after 0 min', 'create 1 after 12 min']);
  });

  test('a series whose last count cannot be written now is kept, and written later', async () => {
    await using scene = newScene();
    for (let i = 0; i < 3; i++) {
      scene.say();
      await settle();
    }
    let isAway = true;
    scene.sink.before = () => {
      if (isAway) throw new TransportError('connect', 'refused');
    };
    await scene.clock.advance(17 * Minute);
    expect(scene.failures).toEqual(['unreachable']);
    isAway = false;
    await scene.clock.advance(Minute);
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(['3']);
    await scene.clock.advance(6 * Minute);
    expect(scene.clock.pending).toBe(0);
  });
});

describe('TestRefreshExistingEventSeries', () => {
  test('a series that goes on is written every half hour, with its count', async () => {
    await using scene = newScene();
    const seen = writesOf(scene);
    for (let i = 0; i < 65; i++) {
      scene.say();
      await scene.clock.advance(Minute);
    }
    expect(seen).toEqual([
      'create 1 after 0 min',
      'patch 2 after 1 min',
      'patch 30 after 30 min',
      'patch 60 after 60 min',
    ]);
  });

  test('a refresh that fails does not end the series', async () => {
    await using scene = newScene();
    for (let i = 0; i < 32; i++) {
      if (i === 2) {
        scene.sink.before = () => {
          throw new RequestError('no');
        };
      }
      scene.say();
      await scene.clock.advance(Minute);
    }
    expect(scene.failures).toEqual(['rejected']);
    const seen = writesOf(scene);
    for (let i = 0; i < 30; i++) {
      scene.say();
      await scene.clock.advance(Minute);
    }
    expect(seen).toEqual(['patch 60 after 28 min']);
  });

  test('a series that the server has forgotten is created anew, with its count', async () => {
    await using scene = newScene();
    for (let i = 0; i < 2; i++) {
      scene.say();
      await settle();
    }
    scene.sink.stored.clear();
    for (let i = 0; i < 31; i++) {
      await scene.clock.advance(Minute);
      scene.say();
    }
    expect(scene.sink.log(countOf)).toEqual(['create 1', 'patch 2', 'patch 31', 'create 31']);
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(['31']);
  });
});

describe('TestRecordEventToSink', () => {
  const forbidden = newForbidden(events, 'foo', 'no permission');
  const away = new TransportError('connect', 'refused');

  test.each<[what: string, error: Error, times: number, log: string[], failures: string[]]>([
    ['refused', forbidden, Infinity, ['create 1'], ['rejected']],
    ['it exists', newAlreadyExists(events, 'foo'), Infinity, ['create 1'], []],
    ['unreachable', away, Infinity, Array.from({ length: 12 }, () => 'create 1'), ['unreachable']],
    ['unreachable for a while', away, 2, ['create 1', 'create 1', 'create 1'], []],
  ])('%s', async (_, error, times, log, failures) => {
    await using scene = newScene();
    scene.sink.before = () => {
      if (scene.sink.writes.length <= times) throw error;
    };
    scene.say();
    await scene.clock.advance(11 * 12_500);
    expect(scene.sink.log(countOf)).toEqual(log);
    expect(scene.failures).toEqual(failures);
  });

  test('pauses are 10 s, and up to a quarter more', async () => {
    await using scene = newScene();
    const at: number[] = [];
    scene.sink.before = () => {
      at.push(scene.clock.now());
      throw away;
    };
    scene.say();
    await scene.clock.advance(Minute);
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(pauses.length).toBeGreaterThanOrEqual(4);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(10_000);
    for (const pause of pauses) expect(pause).toBeLessThanOrEqual(12_500);
    expect(new Set(pauses).size).toBe(pauses.length);
  });

  test('what comes while the server is away is in the first write that succeeds', async () => {
    await using scene = newScene();
    scene.sink.before = () => {
      if (scene.clock.now() < Date.UTC(2020, 0, 1, 0, 1)) throw away;
    };
    for (let i = 0; i < 50; i++) {
      scene.say();
      await scene.clock.advance(1000);
    }
    await scene.clock.advance(30_000);
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(['50']);
    expect(scene.sink.log(countOf).slice(-2)).toEqual(['patch 50', 'create 50']);
  });

  test('an event that exists after all when its series is created is patched', async () => {
    await using scene = newScene();
    let hidden: Event | undefined;
    scene.sink.before = ({ verb, event }) => {
      const name = event.metadata?.name ?? '';
      if (verb === 'patch' && !hidden) {
        hidden = scene.sink.stored.get(name);
        scene.sink.stored.delete(name);
      } else if (verb === 'create' && hidden) {
        scene.sink.stored.set(name, hidden);
        throw newAlreadyExists(events, name);
      }
    };
    for (let i = 0; i < 2; i++) {
      scene.say();
      await settle();
    }
    await scene.clock.advance(12_500);
    expect(scene.sink.log(countOf)).toEqual(['create 1', 'patch 2', 'create 2', 'patch 2']);
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(['2']);
  });

  test('after the tries are used up, the next event is a reason to try again', async () => {
    await using scene = newScene();
    scene.sink.before = () => {
      throw away;
    };
    for (let i = 0; i < 2; i++) scene.say();
    await scene.clock.advance(3 * Minute);
    expect(scene.failures).toEqual(['unreachable']);
    scene.sink.before = () => {};
    scene.say();
    await settle();
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(['3']);
  });

  test('one event is never written by two at once, and different ones are by eight', async () => {
    await using scene = newScene();
    const writing = new Map<string, number>();
    let most = 0;
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    scene.sink.before = async ({ event }) => {
      const name = event.metadata?.name ?? '';
      writing.set(name, (writing.get(name) ?? 0) + 1);
      most = Math.max(most, writing.size);
      expect(writing.get(name)).toBe(1);
      await gate;
      writing.delete(name);
    };
    for (let i = 0; i < 30; i++) scene.say({ action: `action-${i % 10}` });
    await settle();
    for (let i = 0; i < 10; i++) scene.say({ action: `action-${i}` });
    release();
    await scene.broadcaster.flush();
    expect(most).toBe(8);
    expect([...scene.sink.stored.values()].map(countOf)).toEqual(Array.from({ length: 10 }, () => '4'));
  });
});

test('the end writes the counts of series that go on', async () => {
  const scene = newScene();
  for (let i = 0; i < 5; i++) {
    scene.say();
    await settle();
  }
  expect([...scene.sink.stored.values()].map(countOf)).toEqual(['2']);
  expect(scene.broadcaster.stats()).toMatchObject({ sent: 2, merged: 3, queued: 1 });
  await scene.broadcaster[Symbol.asyncDispose]();
  expect([...scene.sink.stored.values()].map(countOf)).toEqual(['5']);
  expect(scene.broadcaster.stats()).toMatchObject({ sent: 3, queued: 0, dropped: 0 });
  expect(scene.clock.pending).toBe(0);
});

test('4096 series are known at once; what makes place for others is written first', async () => {
  await using scene = newScene();
  for (let i = 0; i < 3; i++) {
    scene.say({ action: 'oldest' });
    await settle();
  }
  for (let i = 0; i < 4096; i++) {
    scene.say({ action: `action-${i}` });
    if (i % 500 === 0) await scene.broadcaster.flush();
  }
  await scene.broadcaster.flush();
  expect(
    scene.sink.log((event) => `${event.action} ${countOf(event)}`).filter((each) => each.includes('oldest')),
  ).toEqual(['create oldest 1', 'patch oldest 2', 'patch oldest 3']);
  scene.say({ action: 'oldest' });
  await scene.broadcaster.flush();
  expect(scene.sink.log((event) => event.action).at(-1)).toBe('create oldest');
  expect(scene.broadcaster.stats()).toMatchObject({ dropped: 0, queued: 0 });
});

test('the end writes the counts of more series than have a place in the queue', async () => {
  const scene = newScene();
  const sayAll = async (): Promise<void> => {
    for (let i = 0; i < 1500; i++) {
      scene.say({ action: `action-${i}` });
      if (i % 500 === 499) await settle();
    }
  };
  for (let times = 0; times < 3; times++) await sayAll();
  await scene.broadcaster[Symbol.asyncDispose]();
  expect(new Set([...scene.sink.stored.values()].map(countOf))).toEqual(new Set(['3']));
  expect(scene.sink.stored.size).toBe(1500);
  expect(scene.failures).toEqual([]);
});
