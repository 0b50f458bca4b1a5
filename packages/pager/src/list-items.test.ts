import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { eachListItem } from './list-items.js';
import { numbers, PagedLister } from './paged-lister.test.kit.js';

// TestListPager_EachListItem: empty page, one page, one full page, two pages, three pages
test.each([0, 1, 2, 5, 6])('%i items, over pages of two', async (count) => {
  const items: number[] = [];
  for await (const item of eachListItem(new PagedLister(count), { limit: 2 })) items.push(item);
  expect(items).toEqual(numbers(1, count));
});

test('pages have 500 items by default', async () => {
  const client = new PagedLister(501);
  let count = 0;
  for await (const _ of eachListItem(client)) count++;
  expect(count).toBe(501);
  expect(client.asked('limit')).toEqual([[500], [500]]);
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
])('leaving at item %i has sent %i requests', async (last, requests) => {
  const client = new PagedLister(9);
  for await (const item of eachListItem(client, { limit: 2 })) if (item === last) break;
  expect(client.requests).toHaveLength(requests);
});

// TestListPager_EachListItem: expires on second page
test('an expired token rejects, since starting over would give items twice', async () => {
  const client = new PagedLister(5);
  const items: number[] = [];
  const walk = async (): Promise<void> => {
    for await (const item of eachListItem(client, { limit: 2 })) {
      items.push(item);
      if (item === 3) client.expire();
    }
  };
  await expect(walk()).rejects.toSatisfy(isResourceExpired);
  expect(items).toEqual([1, 2, 3, 4]);
});

// TestListPager_EachListItem: error processing item
test.each([0, 2])('an exception at an item ends the walk, with %i pages in advance', async (pageBufferSize) => {
  const client = new PagedLister(9);
  const items: number[] = [];
  const walk = async (): Promise<void> => {
    for await (const item of eachListItem(client, { limit: 2, pageBufferSize })) {
      items.push(item);
      if (item === 3) throw new Error('processor error');
    }
  };
  await expect(walk()).rejects.toThrow('processor error');
  expect(items).toEqual([1, 2, 3]);
});

// TestListPager_EachListItem: cancel context while processing
test('an abort rejects with its reason before the next page', async () => {
  const client = new PagedLister(5);
  const controller = new AbortController();
  const walk = async (): Promise<void> => {
    for await (const item of eachListItem(client, { limit: 2, signal: controller.signal })) {
      if (item === 2) controller.abort('enough');
    }
  };
  await expect(walk()).rejects.toBe('enough');
  expect(client.requests).toHaveLength(1);
});
