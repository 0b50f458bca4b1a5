import type { ItemStream, KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { readPage } from './read-page.js';
import { newSlicer } from './slicer.js';

const numbers = Array.from({ length: 100 }, (_, n) => n);
const metadata = { resourceVersion: '7', continue: 'more' };

/** Gives its items as they come. */
function streaming(items: readonly number[], list: KubernetesList<never> | undefined, end?: Error): Lister<number> {
  return {
    list: () => Promise.reject(new Error('the list was to be streamed')),
    listItems: (): ItemStream<number> => {
      let given: KubernetesList<never> | undefined;
      return {
        get list() {
          return given;
        },
        async *[Symbol.asyncIterator]() {
          yield* items;
          if (end) throw end;
          given = list;
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

function plain(items: readonly number[]): Lister<number> {
  return { list: () => Promise.resolve({ kind: 'NumberList', metadata, items: [...items] }) };
}

interface Read {
  readonly taken: number[];
  readonly clock: FakeClock;
  readonly page: Promise<KubernetesList<never>>;
}

/** @param itemMs - what it takes to take an item. */
function read(source: Lister<number>, options: ListOptions = {}, itemMs = 0): Read {
  const clock = new FakeClock(0);
  const taken: number[] = [];
  clock.now = () => taken.length * itemMs;
  return { taken, clock, page: readPage(source, options, (item) => taken.push(item), newSlicer(clock)) };
}

describe('a page', () => {
  test.each<[string, Lister<number>]>([
    ['at once', plain(numbers)],
    ['item by item', streaming(numbers, { kind: 'NumberList', metadata, items: [] })],
  ])('that the source gives %s is taken item by item, and what is around the items comes back', async (_, source) => {
    const { taken, page } = read(source);
    expect(await page).toEqual({ kind: 'NumberList', metadata, items: [] });
    expect(taken).toEqual(numbers);
  });

  test('that comes at once is taken in slices', async () => {
    const { taken, clock, page } = read(plain(numbers), {}, 1);
    await Promise.resolve();
    await Promise.resolve();
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(20);
    await clock.advance(1000);
    await page;
    expect(taken).toEqual(numbers);
  });

  test('is given up between two slices', async () => {
    const stop = new AbortController();
    const { taken, clock, page } = read(plain(numbers), { signal: stop.signal }, 1);
    const outcome = page.catch((error: unknown) => error);
    await Promise.resolve();
    stop.abort('enough');
    await clock.advance(1000);
    expect(await outcome).toBe('enough');
    expect(taken.length).toBeLessThan(20);
  });

  test('that breaks off rejects, after what had come', async () => {
    const { taken, page } = read(streaming([1, 2], undefined, new Error('reset')));
    await expect(page).rejects.toThrow('reset');
    expect(taken).toEqual([1, 2]);
  });

  test('that never says of which version it is rejects', async () => {
    await expect(read(streaming([1], undefined)).page).rejects.toThrow('without saying of which version');
  });
});
