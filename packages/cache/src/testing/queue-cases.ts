import type { KubernetesObject } from '@client-ts/apimachinery';
import { applyDeltas } from '../apply-deltas.js';
import type { Notification } from '../event-handler.js';
import { newIndexer } from '../map-indexer.js';
import type { ProcessDeltas, Queue, QueueOptions } from '../queue.js';
import type { WritableIndexer } from '../store.js';
import { expectEqual, expectThrows } from './expect-equal.js';

/** Makes a queue whose reader keeps what it is told of in `indexer`. */
export type MakeQueue = (
  options: QueueOptions<KubernetesObject>,
  indexer: WritableIndexer<KubernetesObject, string>,
) => Queue<KubernetesObject>;

/** One thing that holds for every queue; throws where it does not. */
export type QueueCase = (make: MakeQueue) => void | Promise<void>;

function object(name: string, version = '1'): KubernetesObject {
  return { metadata: { name, resourceVersion: version } };
}

function describe(notification: Notification<KubernetesObject>): string {
  switch (notification.type) {
    case 'add':
      return `add ${versionOf(notification.object)}${notification.isInInitialList ? ' initially' : ''}`;
    case 'update':
      return `update ${versionOf(notification.newObject)}`;
    case 'delete': {
      const { finalStateUnknown, object: last } = notification.deleted;
      return `delete ${versionOf(last)}${finalStateUnknown ? ' unseen' : ''}`;
    }
  }
}

function versionOf(last: KubernetesObject | undefined): string {
  return `${last?.metadata?.name}@${last?.metadata?.resourceVersion}`;
}

interface Reader {
  readonly queue: Queue<KubernetesObject>;
  readonly indexer: WritableIndexer<KubernetesObject, string>;
  /** Pops once; returns what readers of the store are told of. */
  readonly pop: () => string[];
  /** Pops everything. */
  readonly drain: () => string[];
}

function setUp(make: MakeQueue, options: QueueOptions<KubernetesObject> = {}): Reader {
  const indexer = newIndexer<KubernetesObject, string>();
  const queue = make(options, indexer);
  let told: string[] = [];
  const process: ProcessDeltas<KubernetesObject> = (deltas, initially) =>
    applyDeltas(indexer, (notification) => told.push(describe(notification)), deltas, initially);
  const taking = (work: () => void) => (): string[] => {
    told = [];
    work();
    return told;
  };
  return {
    queue,
    indexer,
    pop: taking(() => queue.pop(process)),
    drain: taking(() => {
      while (queue.pop(process));
    }),
  };
}

/** A reader that knows of these objects. */
function synced(
  make: MakeQueue,
  objects: readonly KubernetesObject[],
  options?: QueueOptions<KubernetesObject>,
): Reader {
  const reader = setUp(make, options);
  reader.queue.replace(objects, '1');
  reader.drain();
  return reader;
}

/** Leaves out what is called poison. */
const withoutPoison: QueueOptions<KubernetesObject> = {
  transform: (o) => (o.kind === 'poison' ? undefined : o),
};

function poison(name: string): KubernetesObject {
  return { ...object(name, '9'), kind: 'poison' };
}

/**
 * What every `Queue` has to do, by name; cases that return a promise are to be awaited.
 *
 * ```ts
 * for (const [name, run] of Object.entries(queueCases)) test(name, () => run(make));
 * ```
 */
export const queueCases: Readonly<Record<string, QueueCase>> = {
  'a list comes first, and has synced when all of it has been popped': (make) => {
    const { queue, pop, drain } = setUp(make);
    expectEqual(queue.hasSynced(), false);
    queue.replace([object('a'), object('b')], '5');
    expectEqual(queue.hasSynced(), false);
    const told: string[] = [];
    while (!queue.hasSynced()) told.push(...pop());
    expectEqual(told, ['add a@1 initially', 'add b@1 initially']);
    expectEqual(drain(), []);
  },

  'an empty list has synced once it was popped': (make) => {
    const { queue, drain } = setUp(make);
    queue.replace([], '5');
    expectEqual(drain(), []);
    expectEqual(queue.hasSynced(), true);
  },

  'a change before any list has synced': (make) => {
    for (const change of ['add', 'update', 'delete'] as const) {
      const { queue } = setUp(make);
      queue[change](object('a'));
      expectEqual(queue.hasSynced(), true);
    }
  },

  'only the first list is initial': (make) => {
    const { queue, drain } = setUp(make);
    queue.replace([object('a')], '1');
    expectEqual(drain(), ['add a@1 initially']);
    queue.replace([object('a'), object('b', '2')], '3');
    expectEqual(drain(), ['add b@2']);
  },

  'of an object that is as it was a list tells nothing': (make) => {
    const { queue, drain } = synced(make, [object('a'), object('b')]);
    queue.replace([object('a'), object('b', '2')], '2');
    expectEqual(drain(), ['update b@2']);
  },

  'changes come in order, the store first': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a')]);
    queue.update(object('a', '2'));
    queue.add(object('b', '3'));
    expectEqual(drain(), ['update a@2', 'add b@3']);
    queue.delete(object('a', '4'));
    expectEqual(drain(), ['delete a@4']);
    expectEqual(indexer.listKeys(), ['b']);
  },

  'what is called a change of the unknown is an addition, and the other way round': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.add(object('a', '2'));
    queue.update(object('b', '3'));
    expectEqual(drain(), ['update a@2', 'add b@3']);
  },

  'all changes of one object arrive in the end, however many there were': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.update(object('a', '2'));
    queue.delete(object('a', '3'));
    queue.add(object('a', '4'));
    queue.update(object('a', '5'));
    expectEqual(drain(), ['update a@2', 'delete a@3', 'add a@4', 'update a@5']);
  },

  'the deletion of what no reader has is not told': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.delete(object('b', '2'));
    queue.delete(object('a', '3'));
    queue.delete(object('a', '4'));
    expectEqual(drain(), ['delete a@3']);
  },

  'what a later list leaves out is deleted, with the last state that was seen': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b')]);
    queue.replace([object('b', '2'), object('c', '3')], '4');
    expectEqual(drain().toSorted(), ['add c@3', 'delete a@1 unseen', 'update b@2']);
    expectEqual(indexer.listKeys().toSorted(), ['b', 'c']);
  },

  'what a later list leaves out has the newest state that was queued': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.update(object('a', '2'));
    queue.replace([], '4');
    expectEqual(drain(), ['update a@2', 'delete a@2 unseen']);
  },

  'a deletion that was seen is not made anew by a list': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.delete(object('a', '2'));
    queue.replace([], '4');
    expectEqual(drain(), ['delete a@2']);
  },

  'a list that no reader has looked at is outdone by the next': (make) => {
    const { queue, indexer, drain } = setUp(make);
    queue.replace([object('a'), object('b')], '1');
    queue.add(object('c', '2'));
    queue.replace([object('b', '3')], '4');
    drain();
    expectEqual(indexer.list(), [object('b', '3')]);
    expectEqual(queue.hasSynced(), true);
  },

  'a deletion after the first list was queued waits for that list': (make) => {
    const { queue, indexer, drain } = setUp(make);
    queue.replace([object('a'), object('b')], '1');
    queue.delete(object('a', '2'));
    drain();
    expectEqual(indexer.listKeys(), ['b']);
  },

  'a list that comes object by object is not seen before its commit': (make) => {
    const { queue, drain } = setUp(make);
    const replacement = queue.startReplacement?.();
    if (!replacement) return;
    for (const o of [object('a'), object('b'), object('c')]) replacement.add(o);
    replacement.add(object('a', '2'));
    replacement.delete(object('b', '3'));
    expectEqual([replacement.size, queue.length, queue.hasSynced()], [2, 0, false]);
    replacement.commit('4');
    expectEqual(queue.hasSynced(), false);
    expectEqual(drain().toSorted(), ['add a@2 initially', 'add c@1 initially']);
    expectEqual(queue.hasSynced(), true);
  },

  'a list that comes object by object can be dropped': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.startReplacement?.().add(object('b'));
    expectEqual(drain(), []);
  },

  'what transform leaves out of a list that comes object by object is there, as it was before in that list': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b')], withoutPoison);
    const replacement = queue.startReplacement?.();
    if (!replacement) return;
    for (const o of [object('a', '2'), poison('a'), poison('b'), poison('c')]) replacement.add(o);
    replacement.delete(poison('c'));
    expectEqual(replacement.size >= 2, true);
    replacement.commit('4');
    expectEqual(drain(), ['update a@2']);
    expectEqual(indexer.listKeys().toSorted(), ['a', 'b']);
  },

  'bookmarks change nothing, and are popped': (make) => {
    const { queue, drain } = synced(make, [object('a')]);
    queue.bookmark('9');
    expectEqual(queue.length, 1);
    expectEqual(drain(), []);
    expectEqual(queue.length, 0);
  },

  'tells as of which version all has been popped, if it tells': (make) => {
    const { queue, pop, drain } = setUp(make);
    if (queue.reached === undefined) return;
    expectEqual(queue.reached, '');
    queue.replace([object('a', '2'), object('b', '1')], '3');
    pop();
    expectEqual(['', '3'].includes(queue.reached), true);
    drain();
    expectEqual(queue.reached, '3');
    queue.update(object('a', '4'));
    queue.add(object('c', '5'));
    queue.update(object('a', '6'));
    // Not 6, however many changes of one object are popped at once.
    pop();
    expectEqual(queue.reached, '4');
    drain();
    expectEqual(queue.reached, '6');
    queue.delete(object('c', '7'));
    queue.bookmark('8');
    queue.add(object('d', '9'));
    pop();
    expectEqual(queue.reached, '7');
    drain();
    expectEqual(queue.reached, '9');
    queue.replace([], '');
    drain();
    expectEqual(queue.reached, '');
  },

  'has not reached what comes behind a list before it has reached the list': (make) => {
    const { queue, indexer, pop } = synced(make, [object('a'), object('b')]);
    if (queue.reached === undefined) return;
    queue.replace([object('a', '4')], '5');
    queue.add(object('b', '6'));
    queue.replace([object('a', '7'), object('b', '6'), object('c', '8')], '9');
    queue.add(object('d', '10'));
    while (queue.length > 0) {
      pop();
      if (Number(queue.reached) < 9) continue;
      expectEqual([indexer.getByKey('a'), indexer.getByKey('c')], [object('a', '7'), object('c', '8')]);
    }
    expectEqual(queue.reached, '10');
  },

  'has seen what transform leaves out': (make) => {
    const { queue, drain } = synced(make, [object('a')], withoutPoison);
    if (queue.reached === undefined) return;
    queue.update(poison('a'));
    drain();
    expectEqual(queue.reached, '9');
  },

  'resync handles every known object again': (make) => {
    const { queue, drain } = synced(make, [object('a'), object('b')]);
    queue.resync();
    expectEqual(drain().toSorted(), ['update a@1', 'update b@1']);
  },

  'transform runs once for each object that comes in': (make) => {
    const seen: string[] = [];
    const transform = (o: KubernetesObject): KubernetesObject => {
      seen.push(o.metadata?.name ?? '');
      return { ...o, kind: 'Seen' };
    };
    const { queue, indexer, drain } = synced(make, [object('a')], { transform });
    queue.add(object('b'));
    queue.delete(object('a'));
    drain();
    expectEqual(seen, ['a', 'b', 'a']);
    expectEqual(indexer.getByKey('b')?.kind, 'Seen');
  },

  'a deletion that a list brings to light passes no transform': (make) => {
    let runs = 0;
    const transform = (o: KubernetesObject): KubernetesObject => ({ ...o, kind: String(runs++) });
    const { queue, drain } = synced(make, [object('a')], { transform });
    queue.replace([], '2');
    expectEqual(drain(), ['delete a@1 unseen']);
    expectEqual(runs, 1);
  },

  'what transform leaves out of a change stays as it was': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a')], withoutPoison);
    queue.update(poison('a'));
    queue.add(poison('b'));
    expectEqual(drain(), []);
    expectEqual(indexer.list(), [object('a')]);
  },

  'what transform leaves out of a list stays as it was, and is not deleted': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b')], withoutPoison);
    queue.replace([poison('a'), poison('c'), object('d')], '4');
    expectEqual(drain().toSorted(), ['add d@1', 'delete b@1 unseen']);
    expectEqual(indexer.listKeys().toSorted(), ['a', 'd']);
  },

  'what transform leaves out can be deleted': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a')], withoutPoison);
    queue.delete(poison('a'));
    expectEqual(drain(), ['delete a@1 unseen']);
    expectEqual(indexer.size, 0);
  },

  'an object of which nothing but the key is known can be deleted, and passes no transform': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b')]);
    if (!queue.deleteKey) return;
    queue.deleteKey('b');
    queue.deleteKey('c');
    expectEqual(drain(), ['delete b@1 unseen']);
    queue.update(object('a', '2'));
    queue.deleteKey('a');
    queue.add(object('a', '4'));
    drain();
    expectEqual(indexer.list(), [object('a', '4')]);
  },

  'an object of a list of which nothing but the key is known stays as it was': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b')]);
    const replacement = queue.startReplacement?.();
    if (!replacement?.leaveOut) return;
    replacement.leaveOut('a');
    replacement.leaveOut('c');
    replacement.add(object('d'));
    replacement.commit('4');
    expectEqual(drain().toSorted(), ['add d@1', 'delete b@1 unseen']);
    expectEqual(indexer.listKeys().toSorted(), ['a', 'd']);
  },

  'an object of a list of which not even the key is known may be any, so that nothing is deleted': (make) => {
    const { queue, indexer, drain } = synced(make, [object('a'), object('b'), object('c')]);
    queue.update(object('b', '2'));
    const replacement = queue.startReplacement?.();
    if (!replacement?.leaveOut) return;
    replacement.leaveOut();
    expectEqual(replacement.size, 1);
    replacement.add(object('c', '3'));
    replacement.commit('4');
    expectEqual(drain().toSorted(), ['update b@2', 'update c@3']);
    expectEqual(indexer.listKeys().toSorted(), ['a', 'b', 'c']);
    queue.replace([object('a')], '5');
    expectEqual(drain().toSorted(), ['delete b@2 unseen', 'delete c@3 unseen']);
  },

  'a first list of nothing but what transform leaves out has synced once it was popped': (make) => {
    const { queue, drain } = setUp(make, withoutPoison);
    queue.replace([poison('a')], '4');
    expectEqual(drain(), []);
    expectEqual(queue.hasSynced(), true);
  },

  'what transform throws is thrown, and nothing of the list is queued': (make) => {
    const transform = (o: KubernetesObject): KubernetesObject => {
      if (o.kind === 'poison') throw new Error('mine');
      return o;
    };
    const { queue } = setUp(make, { transform });
    expectThrows(() => queue.replace([object('a'), poison('b')], '1'), 'mine');
    expectEqual([queue.length, queue.hasSynced()], [0, false]);
  },

  'an object without name is refused': (make) => {
    const { queue } = setUp(make);
    for (const change of ['add', 'update', 'delete'] as const) {
      expectThrows(() => queue[change]({ metadata: {} }), 'no metadata.name');
    }
    expectThrows(() => queue.replace([object('a'), {}], '1'), 'no metadata.name');
    expectEqual([queue.length, queue.hasSynced()], [0, false]);
  },

  'what processing throws comes out, and the queue goes on': (make) => {
    const { queue, drain } = setUp(make);
    queue.replace([object('a')], '1');
    const fail = (): void => {
      throw new Error('mine');
    };
    while (!queue.hasSynced()) expectThrows(() => queue.pop(fail), 'mine');
    queue.add(object('b'));
    expectEqual(drain(), ['add b@1']);
  },

  'whoever waits wakes for a change, a list, a bookmark and the end': async (make) => {
    const { queue, drain } = setUp(make);
    const wakers = [
      () => queue.replace([], '1'),
      () => queue.add(object('a')),
      () => queue.bookmark('2'),
      () => queue.close(),
    ];
    for (const wake of wakers) {
      drain();
      const woken = queue.available();
      wake();
      await woken;
      await queue.available();
    }
  },

  'a queue that is closed takes nothing more': async (make) => {
    const { queue } = synced(make, []);
    queue.close();
    expectEqual(queue.closed, true);
    queue.add(object('a'));
    queue.replace([object('b')], '2');
    queue.bookmark('3');
    queue.resync();
    expectEqual([queue.length, queue.pop(() => undefined)], [0, false]);
    await queue.available();
  },
};
