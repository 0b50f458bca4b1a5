import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { applyDeltas } from './apply-deltas.js';
import { DeltaFIFO } from './delta-fifo.js';
import type { Delta } from './delta.js';
import { newIndexer } from './map-indexer.js';
import type { Queue, QueueOptions } from './queue.js';
import { RealFIFO } from './real-fifo.js';
import type { WritableIndexer } from './store.js';

type Make = (
  options: QueueOptions<KubernetesObject>,
  indexer: WritableIndexer<KubernetesObject, string>,
) => Queue<KubernetesObject>;

const implementations: readonly (readonly [string, Make])[] = [
  ['RealFIFO', (options) => new RealFIFO(options)],
  ['DeltaFIFO', (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })],
];

function object(name: string, version = '1'): KubernetesObject {
  return { metadata: { name, resourceVersion: version } };
}

/** What every queue has to do; add an implementation above to prove it. */
describe.each(implementations)('%s', (_, make) => {
  function setUp(options: QueueOptions<KubernetesObject> = {}): {
    queue: Queue<KubernetesObject>;
    indexer: WritableIndexer<KubernetesObject, string>;
    drain: () => string[];
  } {
    const indexer = newIndexer<KubernetesObject, string>();
    const queue = make(options, indexer);
    const told: string[] = [];
    const target = {
      indexer,
      synced: (version: string) => void told.push(`at ${version}`),
      notify: (n: Parameters<Parameters<typeof applyDeltas<KubernetesObject>>[0]['notify']>[0]) => {
        if (n.type === 'add') told.push(`add ${n.object.metadata?.name}${n.isInInitialList ? ' initially' : ''}`);
        else if (n.type === 'update')
          told.push(`update ${n.newObject.metadata?.name}@${n.newObject.metadata?.resourceVersion}`);
        else told.push(`delete ${n.deleted.key}${n.deleted.finalStateUnknown ? ' unseen' : ''}`);
      },
    };
    const drain = (): string[] => {
      told.length = 0;
      while (queue.pop((deltas, initially) => applyDeltas(target, deltas, initially)));
      return [...told];
    };
    return { queue, indexer, drain };
  }

  test('a list comes first, and then has synced', () => {
    const { queue, drain } = setUp();
    expect(queue.hasSynced()).toBe(false);
    queue.replace([object('a'), object('b')], '5');
    expect(queue.hasSynced()).toBe(false);
    expect(drain()).toEqual(['add a initially', 'add b initially', 'at 5']);
    expect(queue.hasSynced()).toBe(true);
  });

  test('an empty list has synced once it was popped', () => {
    const { queue, drain } = setUp();
    queue.replace([], '5');
    drain();
    expect(queue.hasSynced()).toBe(true);
  });

  test('a change before any list has synced', () => {
    const { queue } = setUp();
    queue.add(object('a'));
    expect(queue.hasSynced()).toBe(true);
  });

  test('changes come in order, the store first', () => {
    const { queue, indexer, drain } = setUp();
    queue.replace([object('a')], '1');
    drain();
    queue.update(object('a', '2'));
    queue.add(object('b', '3'));
    expect(drain()).toEqual(['update a@2', 'add b']);
    queue.delete(object('a', '4'));
    expect(drain()).toEqual(['delete a']);
    expect(indexer.listKeys()).toEqual(['b']);
  });

  test('what a later list leaves out is deleted, without its last state', () => {
    const { queue, indexer, drain } = setUp();
    queue.replace([object('a'), object('b')], '1');
    drain();
    queue.replace([object('b', '2'), object('c', '3')], '4');
    expect(drain().toSorted()).toEqual(['add c', 'at 4', 'delete a unseen', 'update b@2']);
    expect(indexer.listKeys().toSorted()).toEqual(['b', 'c']);
  });

  test('what was added and left out by a list before anybody looked is not there in the end', () => {
    const { queue, indexer, drain } = setUp();
    queue.replace([], '1');
    queue.add(object('a', '2'));
    queue.replace([object('b', '3')], '4');
    drain();
    expect(indexer.listKeys()).toEqual(['b']);
  });

  test('an object that comes back after its deletion is added', () => {
    const { queue, drain } = setUp();
    queue.replace([object('a')], '1');
    drain();
    queue.delete(object('a', '2'));
    queue.add(object('a', '3'));
    expect(drain()).toEqual(['delete a', 'add a']);
  });

  test('bookmarks come after what came before them', () => {
    const { queue, drain } = setUp();
    queue.replace([], '1');
    drain();
    queue.add(object('a', '2'));
    queue.bookmark('9');
    expect(drain()).toEqual(['add a', 'at 9']);
  });

  test('resync handles every known object again', () => {
    const { queue, drain } = setUp();
    queue.replace([object('a'), object('b')], '1');
    drain();
    queue.resync();
    expect(drain().toSorted()).toEqual(['update a@1', 'update b@1']);
  });

  test('transform runs once for each object that comes in', () => {
    const seen: string[] = [];
    const transform = (o: KubernetesObject): KubernetesObject => {
      seen.push(o.metadata?.name ?? '');
      return { ...o, kind: 'Seen' };
    };
    const { queue, indexer, drain } = setUp({ transform });
    queue.replace([object('a')], '1');
    queue.add(object('b'));
    drain();
    expect(seen).toEqual(['a', 'b']);
    expect(indexer.getByKey('b')?.kind).toBe('Seen');
  });

  test('an object without name is refused', () => {
    const { queue } = setUp();
    expect(() => queue.add({ metadata: {} })).toThrow(/no metadata\.name/);
  });

  test('what processing throws comes out, and the queue goes on', () => {
    const { queue, drain } = setUp();
    queue.replace([], '1');
    drain();
    queue.add(object('a'));
    queue.add(object('b'));
    const fail = (): void => {
      throw new Error('mine');
    };
    expect(() => queue.pop(fail)).toThrow('mine');
    expect(drain()).toEqual(['add b']);
  });

  test('whoever waits wakes for a change, and for the end', async () => {
    const { queue } = setUp();
    const woken = queue.available();
    queue.add(object('a'));
    await woken;
    queue.pop(() => {});
    const ended = queue.available();
    queue.close();
    await ended;
    queue.add(object('b'));
    expect(queue.length).toBe(0);
  });
});

describe('RealFIFO', () => {
  test('keeps every state of an object', () => {
    const queue = new RealFIFO();
    for (const version of ['1', '2', '3']) queue.update(object('a', version));
    expect(queue.length).toBe(3);
  });
});

describe('DeltaFIFO', () => {
  function typesOf(queue: DeltaFIFO<KubernetesObject>): string[][] {
    const types: string[][] = [];
    while (queue.pop((deltas: readonly Delta<KubernetesObject>[]) => types.push(deltas.map(({ type }) => type))));
    return types;
  }

  test('gathers the changes of an object', () => {
    const queue = new DeltaFIFO({ knownObjects: newIndexer<KubernetesObject>() });
    queue.add(object('a', '1'));
    queue.add(object('b', '2'));
    queue.update(object('a', '3'));
    expect(queue.length).toBe(2);
    expect(typesOf(queue)).toEqual([['Added', 'Updated'], ['Added']]);
  });

  test('makes one of two deletions in a row', () => {
    const knownObjects = newIndexer<KubernetesObject>();
    knownObjects.set('a', object('a'));
    const queue = new DeltaFIFO({ knownObjects });
    queue.delete(object('a', '2'));
    queue.delete(object('a', '3'));
    expect(typesOf(queue)).toEqual([['Deleted']]);
  });

  test('leaves out the deletion of what nobody knows', () => {
    const queue = new DeltaFIFO({ knownObjects: newIndexer<KubernetesObject>() });
    queue.delete(object('a'));
    expect(queue.length).toBe(0);
  });

  test('resync leaves out what has changes waiting', () => {
    const knownObjects = newIndexer<KubernetesObject>();
    knownObjects.set('a', object('a'));
    knownObjects.set('b', object('b'));
    const queue = new DeltaFIFO({ knownObjects });
    queue.update(object('a', '2'));
    queue.resync();
    expect(typesOf(queue)).toEqual([['Updated'], ['Sync']]);
  });
});
