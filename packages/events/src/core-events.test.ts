import type { Event } from '@client-ts/api/core/v1';
import {
  newAlreadyExists,
  newForbidden,
  newNotFound,
  newServiceUnavailable,
  newTooManyRequests,
  StatusError,
} from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { RequestError, ResponseDecodeError, TransportError } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { Scene } from './broadcaster.test.kit.js';
import { coreEvents } from './core-events.js';
import { MemorySink } from './event.test.kit.js';
import type { EventObject } from './object-reference.js';

const events = { group: '', resource: 'events' };

const pod = (uid: string, namespace?: string): EventObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'foo', uid, resourceVersion: '7', ...(namespace === undefined ? {} : { namespace }) },
});
const partOf = (uid: string, fieldPath: string): EventObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'baz',
  name: 'foo',
  uid,
  fieldPath,
});

const nameAndCount = ({ count, message }: Event): string => `${count} ${message}`;

/** Fails each write as often as asked, and says how many there were. */
function failing(scene: Scene<Event>, error: unknown, times = Infinity): () => number {
  scene.sink.before = () => {
    if (scene.sink.writes.length <= times) throw error;
  };
  return () => scene.sink.writes.length;
}

describe('TestEventf', () => {
  test('equal events are one that is created, and then patched', async () => {
    await using scene = new Scene(coreEvents());
    const said: readonly (readonly [object: EventObject, reason: string, message: string, expected: string])[] = [
      [partOf('bar', 'spec.containers[2]'), 'Started', 'some verbose message: 1', 'create 1'],
      [pod('bar', 'baz'), 'Killed', 'some other verbose message: 1', 'create 1'],
      [partOf('bar', 'spec.containers[2]'), 'Started', 'some verbose message: 1', 'patch 2'],
      [partOf('differentUid', 'spec.containers[3]'), 'Started', 'some verbose message: 1', 'create 1'],
      [partOf('bar', 'spec.containers[2]'), 'Started', 'some verbose message: 1', 'patch 3'],
      [partOf('differentUid', 'spec.containers[3]'), 'Stopped', 'some verbose message: 1', 'create 1'],
      [partOf('differentUid', 'spec.containers[3]'), 'Stopped', 'some verbose message: 1', 'patch 2'],
    ];
    for (const [object, reason, message] of said) {
      await scene.clock.advance(1000);
      scene.recorder.event(object, 'Normal', reason, message);
      await scene.broadcaster.flush();
    }
    expect(scene.sink.log(({ count }) => count)).toEqual(said.map(([, , , expected]) => expected));
    const [first, second] = scene.sink.stored.values();
    expect(first?.metadata.name).toMatch(/^foo\.[0-9a-f]{16}$/);
    expect(first).toEqual({
      metadata: { name: first?.metadata.name, namespace: 'baz' },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'baz',
        name: 'foo',
        uid: 'bar',
        fieldPath: 'spec.containers[2]',
      },
      reason: 'Started',
      message: 'some verbose message: 1',
      source: { component: 'eventTest' },
      firstTimestamp: '2020-01-01T00:00:01Z',
      lastTimestamp: '2020-01-01T00:00:05Z',
      count: 3,
      type: 'Normal',
      reportingComponent: 'eventTest',
      reportingInstance: '',
    });
    expect(second?.involvedObject).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'baz',
      name: 'foo',
      uid: 'bar',
      resourceVersion: '7',
    });
    expect(scene.broadcaster.stats()).toMatchObject({ sent: 7, queued: 0 });
  });

  test('annotations are written; what only the other API has is not', async () => {
    await using scene = new Scene(coreEvents());
    const annotations = { run: '12' };
    scene.recorder.event(pod('a', 'b'), 'Warning', 'c', 'd', { annotations, related: pod('e', 'f'), action: 'g' });
    annotations.run = 'changed later';
    await scene.broadcaster.flush();
    const [event] = scene.sink.stored.values();
    expect(event?.metadata.annotations).toEqual({ run: '12' });
    expect(event).not.toHaveProperty('related');
    expect(event).not.toHaveProperty('action');
  });

  test('the host is that of the source, and of the reporting instance', async () => {
    await using scene = new Scene(coreEvents());
    scene.broadcaster.recorder({ component: 'kubelet', host: 'node-1' }).for(pod('a', 'b')).event('Normal', 'c', 'd');
    await scene.broadcaster.flush();
    const [event] = scene.sink.stored.values();
    expect(event).toMatchObject({
      source: { component: 'kubelet', host: 'node-1' },
      reportingComponent: 'kubelet',
      reportingInstance: 'node-1',
    });
  });
});

test('TestEventfNoNamespace: it is "default", and not that of the object', async () => {
  await using scene = new Scene(coreEvents());
  scene.recorder.event(pod('bar'), 'Normal', 'Started', 'some verbose message: 1');
  await scene.broadcaster.flush();
  const [event] = scene.sink.stored.values();
  expect(event?.metadata.namespace).toBe('default');
  expect(event?.involvedObject).not.toHaveProperty('namespace');
});

describe('TestWriteEventError', () => {
  const refusal = new StatusError({ message: 'no', reason: 'Invalid', code: 422 });

  test.each<[name: string, error: Error, times: number, tries: number, failures: string[]]>([
    ['giveUp1: a request that cannot be made', new RequestError('no'), Infinity, 1, ['rejected']],
    ['giveUp2: the server refuses', refusal, Infinity, 1, ['rejected']],
    ['retry1: an answer that nobody understands', new ResponseDecodeError('what?'), Infinity, 12, ['unreachable']],
    ['retry2: a weird error', new Error('a weird error'), Infinity, 12, ['unreachable']],
    ['a sink that fails as fetch does', new TypeError('fetch failed'), Infinity, 12, ['unreachable']],
    ['no connection', new TransportError('connect', 'refused'), Infinity, 12, ['unreachable']],
    ['succeedEventually', new Error('a weird error'), 2, 3, []],
    ['too many requests', newTooManyRequests('later', 1), 2, 3, []],
    ['a server that is not ready', newServiceUnavailable('not yet'), 2, 3, []],
    ['the namespace is terminating', terminating(), Infinity, 1, []],
    ['it exists', newAlreadyExists(events, 'foo'), Infinity, 1, []],
  ])('%s', async (_, error, times, tries, failures) => {
    await using scene = new Scene(coreEvents());
    const asked = failing(scene, error, times);
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
    await scene.clock.advance(12 * 10_000);
    expect(asked()).toBe(tries);
    expect(scene.failures).toEqual(failures);
    const outcome = failures[0] ?? (times === Infinity ? 'rejected' : 'sent');
    const { sent, rejected, unreachable } = scene.broadcaster.stats();
    expect({ sent, rejected, unreachable }).toEqual({ sent: 0, rejected: 0, unreachable: 0, [outcome]: 1 });
    expect(scene.clock.pending).toBe(0);
  });

  test('the first pause is shorter by chance, and the others are 10 s', async () => {
    await using scene = new Scene(coreEvents());
    const at: number[] = [];
    scene.sink.before = () => {
      at.push(scene.clock.now());
      throw new Error('weird');
    };
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
    await scene.clock.advance(40_000);
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(pauses[0]).toBeGreaterThan(0);
    expect(pauses[0]).toBeLessThan(10_000);
    expect(pauses.slice(1)).toEqual([10_000, 10_000, 10_000]);
  });

  test('while no server can be reached, all others wait behind the first', async () => {
    await using scene = new Scene(coreEvents());
    failing(scene, new TransportError('connect', 'refused'), 3);
    for (const message of ['a', 'b', 'c']) scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', message);
    await scene.clock.advance(15_000);
    expect(scene.broadcaster.stats().queued).toBe(2);
    await scene.clock.advance(20_000);
    expect(scene.sink.log(({ message }) => message)).toEqual([
      'create a',
      'create a',
      'create a',
      'create a',
      'create b',
      'create c',
    ]);
  });

  test('an event of which only the answer was lost is there, and that is what was wanted', async () => {
    await using scene = new Scene(coreEvents());
    scene.sink.after = () => {
      throw new TransportError('reset', 'gone');
    };
    scene.sink.before = ({ event }) => {
      if (scene.sink.stored.has(event.metadata.name ?? '')) throw newAlreadyExists(events, 'foo');
    };
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
    await scene.clock.advance(10_000);
    expect(scene.broadcaster.stats()).toMatchObject({ sent: 1, rejected: 0 });
    expect(scene.sink.writes).toHaveLength(2);
  });

  test('the error says which event it is about, and nothing of its message', async () => {
    await using scene = new Scene(coreEvents());
    failing(scene, newForbidden(events, 'foo.1', 'no permission'));
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'the password is hunter2');
    await scene.broadcaster.flush();
    expect(scene.errors.map(({ message }) => message)).toEqual([
      'event Started of Pod b/foo was not written: events "foo.1" is forbidden: no permission',
    ]);
  });
});

test('TestUpdateExpiredEvent: what is to be counted up and is gone is created anew, with its count', async () => {
  await using scene = new Scene(coreEvents());
  const say = async (): Promise<void> => {
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
    await scene.broadcaster.flush();
  };
  await say();
  await say();
  scene.sink.stored.clear();
  await say();
  await say();
  expect(scene.sink.log(nameAndCount)).toEqual(['create 1 c', 'patch 2 c', 'patch 3 c', 'create 3 c', 'patch 4 c']);
  const [event] = scene.sink.stored.values();
  expect(event?.metadata).not.toHaveProperty('resourceVersion');
});

test('a patch that is refused is no reason to create', async () => {
  await using scene = new Scene(coreEvents());
  scene.sink.before = ({ verb }) => {
    if (verb === 'patch') throw newForbidden(events, 'foo', 'no permission');
  };
  for (let i = 0; i < 2; i++) scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
  await scene.broadcaster.flush();
  expect(scene.sink.log(nameAndCount)).toEqual(['create 1 c', 'patch 2 c']);
  expect(scene.failures).toEqual(['rejected']);
});

test('an event that was refused at first is created when it comes again', async () => {
  await using scene = new Scene(coreEvents());
  failing(scene, newForbidden(events, 'foo', 'no permission'), 1);
  for (let i = 0; i < 2; i++) scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
  await scene.broadcaster.flush();
  expect(scene.sink.log(nameAndCount)).toEqual(['create 1 c', 'patch 2 c', 'create 2 c']);
});

test('TestCancelEvent: after the end has come, each event has one try', async () => {
  const scene = new Scene(coreEvents());
  const asked = failing(scene, new ResponseDecodeError('what?'));
  for (const message of ['a', 'b']) scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', message);
  await scene.broadcaster[Symbol.asyncDispose]();
  expect(asked()).toBe(2);
  expect(scene.failures).toEqual(['unreachable', 'unreachable']);
});

test('what waits for its next try when the end comes has it at once', async () => {
  const scene = new Scene(coreEvents());
  failing(scene, new TransportError('connect', 'refused'), 1);
  scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
  await settle();
  expect(scene.clock.pending).toBe(1);
  await scene.broadcaster[Symbol.asyncDispose]();
  expect(scene.broadcaster.stats()).toMatchObject({ sent: 1, unreachable: 0 });
  expect(scene.clock.pending).toBe(0);
});

test('TestLotsOfEvents: a thousand at once find their place, though some fail four times', async () => {
  await using scene = new Scene(coreEvents());
  const tries = new Map<string, number>();
  const logged: string[] = [];
  scene.broadcaster.watch(({ message }) => void logged.push(message ?? ''));
  scene.sink.before = ({ event: { message = '' } }) => {
    tries.set(message, (tries.get(message) ?? 0) + 1);
    if (message.endsWith('00') && (tries.get(message) ?? 0) < 5) throw new Error('fake error');
  };
  const messages = Array.from({ length: 1000 }, (_, i) => `${i + 1000}`);
  for (const each of messages) {
    const reference = { apiVersion: 'version', kind: 'Pod', namespace: 'baz', name: `foo-${each}`, uid: 'bar' };
    scene.recorder.event(reference, 'Normal', `Reason-${each}`, each);
  }
  await scene.clock.advance(10 * 40_000);
  expect(logged).toEqual(messages);
  expect([...tries]).toEqual(messages.map((each) => [each, each.endsWith('00') ? 5 : 1]));
  expect(scene.broadcaster.stats()).toMatchObject({ sent: 1000, dropped: 0 });
});

test('TestMultiSinkCache: each sink counts for itself', async () => {
  await using scene = new Scene(coreEvents());
  const say = async (): Promise<void> => {
    scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
    await scene.broadcaster.flush();
  };
  await say();
  const second = new MemorySink<Event>();
  const recording = scene.broadcaster.recordTo(second);
  await say();
  await say();
  await recording[Symbol.asyncDispose]();
  await say();
  expect(scene.sink.log(nameAndCount)).toEqual(['create 1 c', 'patch 2 c', 'patch 3 c', 'patch 4 c']);
  expect(second.log(nameAndCount)).toEqual(['create 1 c', 'patch 2 c']);
});

function terminating(): StatusError {
  const causes = [{ reason: 'NamespaceTerminating', message: 'namespace b is being terminated', field: 'metadata' }];
  return new StatusError({ message: 'forbidden', reason: 'Forbidden', code: 403, details: { causes } });
}

test('a patch may find what it counts up gone, and a create that it is there: neither is told to anybody', async () => {
  await using scene = new Scene(coreEvents());
  scene.sink.before = ({ verb }) => {
    if (verb === 'patch') throw newNotFound(events, 'foo');
  };
  for (let i = 0; i < 2; i++) scene.recorder.event(pod('a', 'b'), 'Normal', 'Started', 'c');
  await scene.broadcaster.flush();
  expect(scene.failures).toEqual([]);
});
