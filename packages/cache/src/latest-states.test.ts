import type { KubernetesObject } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Backlog } from './backlog.js';
import type { Notification } from './event-handler.js';
import { latestStates } from './latest-states.js';
import { batchOf, initialAddsOf, isInitialAdd, type NotificationBatch } from './notification-batch.js';

function object(name: string, version: number): KubernetesObject {
  return { metadata: { name, resourceVersion: String(version) } };
}

function add(name: string, version: number, isInInitialList = false): Notification<KubernetesObject> {
  return { type: 'add', object: object(name, version), isInInitialList };
}

function update(name: string, from: number, to: number): Notification<KubernetesObject> {
  return { type: 'update', oldObject: object(name, from), newObject: object(name, to) };
}

function gone(name: string, version: number): Notification<KubernetesObject> {
  return { type: 'delete', deleted: { finalStateUnknown: false, key: name, object: object(name, version) } };
}

function listOf(changes: readonly Notification<KubernetesObject>[]): NotificationBatch<KubernetesObject> {
  return batchOf(changes, changes.filter(isInitialAdd).length);
}

function describeChange(notification: Notification<KubernetesObject>): string {
  const state = (o: KubernetesObject | undefined): string => `${o?.metadata?.name}@${o?.metadata?.resourceVersion}`;
  switch (notification.type) {
    case 'add':
      return `add ${state(notification.object)}${notification.isInInitialList ? ' initially' : ''}`;
    case 'update':
      return `update ${state(notification.oldObject)} to ${state(notification.newObject)}`;
    case 'delete':
      return `delete ${state(notification.deleted.object)}`;
  }
}

function at(ms: number): () => number {
  return () => ms;
}

function drain(backlog: Backlog<KubernetesObject>): string[] {
  const told: string[] = [];
  for (let next = backlog.shift(); next; next = backlog.shift()) told.push(describeChange(next));
  return told;
}

describe('latestStates', () => {
  test.each<[string, Notification<KubernetesObject>[], string[]]>([
    ['one change stays one', [add('a', 1)], ['add a@1']],
    ['what was added is added as it is now', [add('a', 1), update('a', 1, 2)], ['add a@2']],
    ['updates become one', [update('a', 1, 2), update('a', 2, 3), update('a', 3, 4)], ['update a@1 to a@4']],
    ['what was added and is gone is nothing', [add('a', 1), update('a', 1, 2), gone('a', 3)], []],
    ['what was changed and is gone is gone', [update('a', 1, 2), gone('a', 3)], ['delete a@3']],
    ['what is gone and there again is told of in two', [gone('a', 2), add('a', 3)], ['delete a@2', 'add a@3']],
    ['as it is now', [gone('a', 2), add('a', 3), update('a', 3, 4)], ['delete a@2', 'add a@4']],
    ['and what is gone once more is gone', [gone('a', 2), add('a', 3), gone('a', 4)], ['delete a@2']],
    ['a resync adds nothing', [update('a', 1, 2), update('a', 2, 2)], ['update a@1 to a@2']],
    ['an initial add stays one', [add('a', 1, true), update('a', 1, 2)], ['add a@2 initially']],
    [
      'objects come in the order in which they changed first',
      [add('a', 1), add('b', 2), update('a', 1, 3)],
      ['add a@3', 'add b@2'],
    ],
    [
      'what was nothing comes with what happens next',
      [add('a', 1), add('b', 2), gone('a', 3), add('a', 4)],
      ['add b@2', 'add a@4'],
    ],
  ])('%s', (_, changes, told) => {
    const backlog = latestStates<KubernetesObject>();
    for (const change of changes) backlog.push(change, at(0));
    expect(backlog.length).toBe(told.length);
    expect(drain(backlog)).toEqual(told);
    expect([backlog.length, backlog.initialAdds, backlog.oldestMs]).toEqual([0, 0, undefined]);
  });

  test('a list comes as it came, and lists that follow it become changes', () => {
    const backlog = latestStates<KubernetesObject>();
    backlog.pushAll(initialAddsOf([object('a', 1), object('b', 1)]), at(10));
    backlog.push(update('a', 1, 2), at(20));
    backlog.pushAll(listOf([update('a', 2, 3), gone('b', 1)]), at(30));
    expect([backlog.length, backlog.initialAdds, backlog.oldestMs]).toEqual([4, 2, 10]);
    expect(describeChange(backlog.shift()!)).toBe('add a@1 initially');
    expect([backlog.length, backlog.initialAdds, backlog.oldestMs]).toEqual([3, 1, 10]);
    expect(drain(backlog)).toEqual(['add b@1 initially', 'update a@1 to a@3', 'delete b@1']);
  });

  test('tells since when the oldest waits', () => {
    const backlog = latestStates<KubernetesObject>();
    backlog.push(gone('a', 1), at(10));
    backlog.push(add('b', 2), at(20));
    backlog.push(add('a', 3), at(30));
    expect(backlog.oldestMs).toBe(10);
    backlog.shift();
    expect([backlog.oldestMs, backlog.length]).toEqual([10, 2]);
    backlog.shift();
    expect(backlog.oldestMs).toBe(20);
    backlog.clear();
    expect([backlog.length, backlog.oldestMs, backlog.shift()]).toEqual([0, undefined, undefined]);
  });

  test('whatever happens while the handler is slow, its history is legal, and right in the end', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('set' as const, 'delete' as const), name }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('shift' as const), name }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('list' as const), name }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const backlog = latestStates<KubernetesObject>();
        const server = new Map<string, number>();
        const known = new Map<string, number>();
        let version = 0;
        const tell = (): boolean => {
          const next = backlog.shift();
          if (!next) return false;
          const told =
            next.type === 'add' ? next.object : next.type === 'update' ? next.newObject : next.deleted.object;
          const { name: key = '', resourceVersion } = told?.metadata ?? {};
          expect(known.has(key), describeChange(next)).toBe(next.type !== 'add');
          expect(Number(resourceVersion)).toBeGreaterThan(known.get(key) ?? 0);
          if (next.type === 'update') expect(next.oldObject).toEqual(object(key, known.get(key)!));
          if (next.type === 'delete') known.delete(key);
          else known.set(key, Number(resourceVersion));
          return true;
        };
        const change = (key: string, there: boolean): Notification<KubernetesObject> | undefined => {
          const before = server.get(key);
          version++;
          if (there) server.set(key, version);
          else if (!server.delete(key)) return undefined;
          if (!there) return gone(key, version);
          return before === undefined ? add(key, version, true) : update(key, before, version);
        };
        for (const { type, name: key } of steps) {
          if (type === 'shift') tell();
          else if (type === 'list') {
            const changes = ['a', 'b', 'c'].map((each) => change(each, each !== key));
            backlog.pushAll(listOf(changes.filter((each) => each !== undefined)), at(0));
          } else {
            const one = change(key, type === 'set');
            if (one) backlog.push(one, at(0));
          }
          // A list as it came, and two for each object.
          expect(backlog.length).toBeLessThanOrEqual(3 + 2 * 3 + 1);
        }
        while (tell());
        expect(known).toEqual(server);
        expect([backlog.length, backlog.initialAdds]).toEqual([0, 0]);
      }),
    );
  });
});
