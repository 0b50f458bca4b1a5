import type { KubernetesList, ListOptions } from '@client-ts/apimachinery';
import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { eachListChunk, type PagerOptions } from './list-chunks.js';
import { numbers, PagedLister } from './paged-lister.test.kit.js';

async function chunks(client: PagedLister, options?: PagerOptions): Promise<number[][]> {
  const pages: number[][] = [];
  for await (const page of eachListChunk(client, options)) pages.push(page.items);
  return pages;
}

test.each([
  ['no items', 0, 2, [[]]],
  ['less than a page', 1, 2, [[1]]],
  ['a whole page', 2, 2, [[1, 2]]],
  ['several pages', 5, 2, [[1, 2], [3, 4], [5]]],
  [
    'whole pages',
    4,
    2,
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['everything at once', 5, 0, [[1, 2, 3, 4, 5]]],
])('%s', async (_, count, limit, expected) => {
  const client = new PagedLister(count);
  expect(await chunks(client, { limit })).toEqual(expected);
  expect(client.requests).toHaveLength(expected.length);
});

test('a page has 500 items by default', async () => {
  const client = new PagedLister(1001);
  expect(await chunks(client)).toEqual([numbers(1, 500), numbers(501, 1000), [1001]]);
  expect(client.asked('limit')).toEqual([[500], [500], [500]]);
});

test('pages come as the server sent them', async () => {
  const client = new PagedLister(3);
  const pages = eachListChunk(client, { limit: 2 });
  const first = await pages.next();
  expect(first.value).toEqual({
    kind: 'NumberList',
    metadata: { resourceVersion: '10', continue: '1/2', remainingItemCount: 1 },
    items: [1, 2],
  });
});

test('a page is asked for when it is needed, and none after a break', async () => {
  const client = new PagedLister(10);
  for await (const page of eachListChunk(client, { limit: 2 })) {
    expect(client.requests).toHaveLength(page.items[0] === 1 ? 1 : 2);
    if (page.items[0] === 3) break;
  }
  expect(client.requests).toHaveLength(2);
});

test('selectors go with every request; the version and its match with the first only, as the token has them', async () => {
  const client = new PagedLister(5);
  await chunks(client, {
    limit: 2,
    labelSelector: 'app=web',
    fieldSelector: 'metadata.name=x',
    timeoutSeconds: 7,
    resourceVersion: '42',
    resourceVersionMatch: 'Exact',
  });
  expect(client.asked('labelSelector', 'fieldSelector', 'timeoutSeconds')).toEqual(
    Array.from({ length: 3 }, () => ['app=web', 'metadata.name=x', 7]),
  );
  expect(client.asked('resourceVersion', 'resourceVersionMatch', 'continue')).toEqual([
    ['42', 'Exact', undefined],
    [undefined, undefined, '1/2'],
    [undefined, undefined, '1/4'],
  ]);
});

test('the options are not changed', async () => {
  const options: PagerOptions = Object.freeze({ limit: 2, resourceVersion: '42' });
  await chunks(new PagedLister(5), options);
  expect(options).toEqual({ limit: 2, resourceVersion: '42' });
});

test('can begin with a token', async () => {
  const client = new PagedLister(5);
  expect(await chunks(client, { limit: 2, continue: '1/3' })).toEqual([[4, 5]]);
});

test('an expired token rejects', async () => {
  const client = new PagedLister(5);
  const pages = eachListChunk(client, { limit: 2 });
  await pages.next();
  client.expire();
  await expect(pages.next()).rejects.toSatisfy(isResourceExpired);
  expect(await pages.next()).toEqual({ done: true, value: undefined });
  expect(client.requests).toHaveLength(2);
});

test('the signal goes with every request', async () => {
  const client = new PagedLister(3);
  const { signal } = new AbortController();
  await chunks(client, { limit: 2, signal });
  expect(client.asked('signal')).toEqual([[signal], [signal]]);
});

test.each([
  ['before the first page', 0],
  ['between two pages', 1],
])('an abort %s rejects with its reason, and sends nothing', async (_, before) => {
  const client = new PagedLister(5);
  const controller = new AbortController();
  const pages = eachListChunk(client, { limit: 2, signal: controller.signal });
  for (let page = 0; page < before; page++) await pages.next();
  controller.abort('enough');
  await expect(pages.next()).rejects.toBe('enough');
  expect(client.requests).toHaveLength(before);
});

test('an abort during a request rejects with what the client makes of it', async () => {
  const controller = new AbortController();
  const client = {
    list: ({ signal }: ListOptions = {}) =>
      new Promise<KubernetesList<number>>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const page = eachListChunk(client, { signal: controller.signal }).next();
  controller.abort('enough');
  await expect(page).rejects.toBe('enough');
});
