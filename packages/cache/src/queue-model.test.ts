import type { KubernetesObject } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDeltas } from './apply-deltas.js';
import type { Notification } from './event-handler.js';
import { newIndexer } from './map-indexer.js';
import type { Indexer } from './store.js';
import { queues } from './shared-informer.test.kit.js';

type Operation =
  | { readonly type: 'set' | 'delete'; readonly name: string }
  /** A list; `missed` are changes before it that no watch told of. */
  | { readonly type: 'list'; readonly missed: readonly { readonly name: string; readonly there: boolean }[] }
  | { readonly type: 'pop' }
  | { readonly type: 'resync' };

const name = fc.constantFrom('a', 'b', 'c');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constantFrom('set' as const, 'delete' as const), name }),
  fc.record({
    type: fc.constant('list' as const),
    missed: fc.array(fc.record({ name, there: fc.boolean() }), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('pop' as const) }),
  fc.record({ type: fc.constant('resync' as const) }),
);

/** Throws when a reader is told of something that cannot follow from what he knows. */
class Reader {
  readonly #known = new Map<string, number>();

  readonly told = (notification: Notification<KubernetesObject>): void => {
    if (notification.type === 'delete') {
      const { key, object } = notification.deleted;
      expect(this.#known.delete(key), `${key} was there`).toBe(true);
      expect(object, `the last state of ${key}`).toBeDefined();
      return;
    }
    const object = notification.type === 'add' ? notification.object : notification.newObject;
    const { name: key = '', resourceVersion } = object.metadata ?? {};
    expect(this.#known.has(key), `${notification.type} ${key}`).toBe(notification.type === 'update');
    expect(Number(resourceVersion), key).toBeGreaterThanOrEqual(this.#known.get(key) ?? 0);
    this.#known.set(key, Number(resourceVersion));
  };
}

/** What was true at the server, by version. */
class Versions {
  readonly #changes: { readonly version: number; readonly key: string; readonly there: boolean }[] = [];

  changed(key: string, version: number, there: boolean): void {
    this.#changes.push({ version, key, there });
  }

  /** Throws unless a store has all changes up to a version; it may have more. */
  expectReached(version: number, store: Pick<Indexer<KubernetesObject>, 'getByKey'>): void {
    const last = new Map(this.#changes.filter((change) => change.version <= version).map((c) => [c.key, c]));
    for (const { key, version: changed, there } of last.values()) {
      const stored = Number(store.getByKey(key)?.metadata?.resourceVersion ?? NaN);
      const later = this.#changes.some((change) => change.key === key && change.version > version && !change.there);
      const sound = there ? stored >= changed || (Number.isNaN(stored) && later) : !(stored <= version);
      expect(sound, `as of ${version}, ${key}@${changed} there: ${there}, stored: ${stored}`).toBe(true);
    }
  }
}

describe.each(queues)('%s', (_, newQueue) => {
  test('whatever comes in between, the store is as the server in the end, and before as of the version that was reached', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30, size: 'max' }), (operations) => {
        const server = new Map<string, KubernetesObject>();
        const indexer = newIndexer<KubernetesObject, string>();
        const queue = newQueue({}, indexer);
        const reader = new Reader();
        const versions = new Versions();
        let version = 0;
        const put = (object: string): KubernetesObject => {
          const stored = { metadata: { name: object, resourceVersion: String(++version) } };
          server.set(object, stored);
          versions.changed(object, version, true);
          return stored;
        };
        const take = (object: string): boolean => {
          if (!server.delete(object)) return false;
          versions.changed(object, ++version, false);
          return true;
        };
        const pop = (): boolean => {
          const popped = queue.pop((deltas, initially) => applyDeltas(indexer, reader.told, deltas, initially));
          versions.expectReached(Number(queue.reached), indexer);
          return popped;
        };
        const perform = (step: Operation): void => {
          switch (step.type) {
            case 'set': {
              const isNew = !server.has(step.name);
              const object = put(step.name);
              if (isNew) queue.add(object);
              else queue.update(object);
              return;
            }
            case 'delete':
              if (take(step.name)) queue.delete({ metadata: { name: step.name, resourceVersion: String(version) } });
              return;
            case 'list':
              for (const { name: missed, there } of step.missed) {
                if (there) put(missed);
                else take(missed);
              }
              queue.replace([...server.values()], String(version));
              return;
            case 'pop':
              pop();
              return;
            case 'resync':
              queue.resync();
          }
        };
        queue.replace([], '0');
        for (const step of operations) perform(step);
        while (pop());
        expect(new Map(indexer.listKeys().map((key) => [key, indexer.getByKey(key)]))).toEqual(server);
        expect([queue.hasSynced(), queue.reached]).toEqual([true, String(version)]);
      }),
      { numRuns: 300 },
    );
  });
});
