import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { DelayingQueue } from './delaying-queue.js';

function newQueue(mergeDelays?: boolean): { clock: FakeClock; queue: DelayingQueue } {
  const clock = new FakeClock(0);
  return { clock, queue: new DelayingQueue({ clock, mergeDelays }) };
}

/** When the item is handed out, up to a time. */
async function times({ clock, queue }: ReturnType<typeof newQueue>, until: number): Promise<number[]> {
  const taken: number[] = [];
  while (clock.now() < until) {
    while (queue.length > 0) {
      queue.done((await queue.get()) ?? '');
      taken.push(clock.now());
    }
    await clock.advance(1);
  }
  return taken;
}

describe.each([
  { mergeDelays: false, both: [0, 10] },
  { mergeDelays: true, both: [0] },
])('with %j, an item that is added at once and after a delay', ({ mergeDelays, both }) => {
  test.each([
    ['at once first', (queue: DelayingQueue) => [queue.add('a'), queue.addAfter('a', 10)]],
    ['at once last', (queue: DelayingQueue) => [queue.addAfter('a', 10), queue.add('a')]],
    ['with a delay that is none', (queue: DelayingQueue) => [queue.addAfter('a', 10), queue.addAfter('a', 0)]],
  ])('comes at its times: %s', async (_, add) => {
    const made = newQueue(mergeDelays);
    add(made.queue);
    expect(await times(made, 20)).toEqual(both);
    expect(made.clock.pending).toBe(0);
  });

  test('comes with all that was asked for', async () => {
    const { clock, queue } = newQueue(mergeDelays);
    queue.addAfter('a', 10, { priority: 2, reasons: ['timeout'] });
    queue.add('a', { priority: 1, reasons: ['changed'] });
    await clock.advance(10);
    expect(queue.snapshot().ready).toMatchObject([{ item: 'a', priority: 2 }]);
    expect(queue.snapshot().ready[0]?.reasons.toSorted()).toEqual(['changed', 'timeout']);
  });
});

test('merged delays of an item that comes again are none', async () => {
  const both = newQueue(true);
  const { queue } = both;
  queue.add('a');
  await queue.get();
  queue.add('a');
  queue.addAfter('a', 10);
  expect(queue.delayedLength).toBe(0);
  queue.done('a');
  expect(await times(both, 20)).toEqual([0]);
});

test('merged delays of an item that is worked on, and was not added again, stay', async () => {
  const both = newQueue(true);
  const { queue } = both;
  queue.add('a');
  await queue.get();
  queue.addAfter('a', 10);
  queue.done('a');
  expect(await times(both, 20)).toEqual([10]);
});
