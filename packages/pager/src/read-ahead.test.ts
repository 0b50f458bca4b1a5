import { getEventListeners } from 'node:events';
import type { KubernetesList, ListOptions } from '@client-ts/apimachinery';
import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { eachListChunk } from './list-chunks.js';
import { eachListItem } from './list-items.js';
import { numbers, PagedLister } from './paged-lister.test.kit.js';

// TestListPager_eachListPageBuffered; client-go asks for one page more than it buffers.
test.each([
  ['no buffer, one total page', 0, 1, 1, 1],
  ['no buffer, 1/5 pages processed', 0, 5, 1, 1],
  ['no buffer, 2/5 pages processed', 0, 5, 2, 2],
  ['no buffer, 5/5 pages processed', 0, 5, 5, 5],
  ['size 1 buffer, 1/5 pages processed', 1, 5, 1, 2],
  ['size 1 buffer, 4/5 pages processed', 1, 5, 4, 5],
  ['size 1 buffer, 5/5 pages processed', 1, 5, 5, 5],
  ['size 10 buffer, 1/5 page processed', 10, 5, 1, 5],
  ['size 10 buffer, one total page', 10, 1, 1, 1],
])('%s', async (_, pageBufferSize, total, processed, requests) => {
  const client = new PagedLister(2 * total);
  const seen: number[][] = [];
  for await (const { items } of eachListChunk(client, { limit: 2, pageBufferSize })) {
    seen.push(items);
    await settle();
    if (seen.length === processed) break;
  }
  expect(seen.flat()).toEqual(numbers(1, 2 * processed));
  await settle();
  expect(client.requests).toHaveLength(requests);
  for (const request of client.requests) expect(request).not.toHaveProperty('pageBufferSize');
});

test('what fails in advance rejects in its turn', async () => {
  const client = new PagedLister(6);
  const items: number[] = [];
  const walk = async (): Promise<void> => {
    for await (const item of eachListItem(client, { limit: 2, pageBufferSize: 1 })) {
      items.push(item);
      await settle();
      client.expire();
    }
  };
  await expect(walk()).rejects.toSatisfy(isResourceExpired);
  expect(items).toEqual([1, 2, 3, 4]);
});

/** Answers the first request only. */
class SlowLister extends PagedLister {
  aborted = 0;

  override list(options: ListOptions = {}): Promise<KubernetesList<number>> {
    if (this.requests.length === 0) return super.list(options);
    this.requests.push(options);
    return new Promise((_, reject) => {
      options.signal?.addEventListener('abort', () => {
        this.aborted++;
        reject(options.signal?.reason as Error);
      });
    });
  }
}

test('leaving ends the request in advance, and leaves no listener', async () => {
  const client = new SlowLister(9);
  const { signal } = new AbortController();
  for await (const _ of eachListChunk(client, { limit: 2, pageBufferSize: 3, signal })) {
    await settle();
    break;
  }
  expect(client.requests).toHaveLength(2);
  expect(client.aborted).toBe(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort rejects with its reason, also when there are pages already', async () => {
  const controller = new AbortController();
  const client = new PagedLister(9);
  const items: number[] = [];
  const walk = async (): Promise<void> => {
    for await (const item of eachListItem(client, { limit: 2, pageBufferSize: 9, signal: controller.signal })) {
      items.push(item);
      await settle();
      if (item === 3) controller.abort('enough');
    }
  };
  await expect(walk()).rejects.toBe('enough');
  expect(items).toEqual([1, 2, 3, 4]);

  const slow = new SlowLister(9);
  const pages = eachListChunk(slow, { limit: 2, pageBufferSize: 1, signal: AbortSignal.abort('before') });
  await expect(pages.next()).rejects.toBe('before');
  expect(slow.requests).toEqual([]);
});

test('a negative buffer is refused', async () => {
  await expect(eachListChunk(new PagedLister(1), { pageBufferSize: -1 }).next()).rejects.toThrow(
    new RangeError('pageBufferSize: expected a number from 0 on, got -1'),
  );
});
