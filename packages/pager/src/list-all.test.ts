import type { KubernetesList, ListOptions } from '@client-ts/apimachinery';
import { isResourceExpired, newForbidden, newResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { listAll } from './list-all.js';
import { numbers, PagedLister } from './paged-lister.test.kit.js';

/** Lists five numbers; the tokens expire with the request of this number, from 1. */
class ExpiringLister extends PagedLister {
  readonly #at: number;

  constructor(at: number) {
    super(5);
    this.#at = at;
  }

  override list(options?: ListOptions): Promise<KubernetesList<number>> {
    if (this.requests.length + 1 === this.#at) this.expire();
    return super.list(options);
  }
}

// TestListPager_List: empty page, one page, one full page
test.each([0, 9, 10])('one page, of %i items, comes as the server sent it', async (count) => {
  const page: KubernetesList<number> = {
    kind: 'NumberList',
    metadata: { resourceVersion: '1' },
    items: numbers(1, count),
  };
  expect(await listAll({ list: async () => page }, { limit: 10 })).toBe(page);
});

// TestListPager_List: two pages, three pages
test('several pages are one list, with the version of the first and no token', async () => {
  const client = new PagedLister(5);
  expect(await listAll(client, { limit: 2 })).toEqual({
    kind: 'NumberList',
    metadata: { resourceVersion: '10' },
    items: numbers(1, 5),
  });
  expect(client.requests).toHaveLength(3);
});

test('pages have 500 items by default, and 0 asks for everything at once', async () => {
  const client = new PagedLister(501);
  expect((await listAll(client)).items).toHaveLength(501);
  expect((await listAll(client, { limit: 0 })).items).toHaveLength(501);
  expect(client.asked('limit')).toEqual([[500], [500], [0]]);
});

// TestListPager_List: expires on second page and then lists, two pages with resourceVersion and resourceVersionMatch
test.each([2, 3])(
  'a token that has expired with request %i leads to one full list, at the version asked for',
  async (at) => {
    const client = new ExpiringLister(at);
    const options = {
      limit: 2,
      labelSelector: 'app=web',
      resourceVersion: '42',
      resourceVersionMatch: 'Exact',
    } as const;
    expect(await listAll(client, options)).toEqual({
      kind: 'NumberList',
      metadata: { resourceVersion: '20' },
      items: numbers(1, 5),
    });
    expect(client.requests).toHaveLength(at + 1);
    expect(
      client.asked('limit', 'continue', 'labelSelector', 'resourceVersion', 'resourceVersionMatch').at(-1),
    ).toEqual([0, undefined, 'app=web', '42', 'Exact']);
  },
);

test.each([1, 3])('a full list is also what an expired token of the caller leads to, with request %i', async (at) => {
  const client = new ExpiringLister(at);
  expect((await listAll(client, { limit: 1, continue: '1/1' })).items).toEqual(numbers(1, 5));
  expect(client.asked('limit', 'continue').at(-1)).toEqual([0, undefined]);
});

// TestListPager_List: expires on second page
test('without fullListIfExpired an expired token rejects', async () => {
  const client = new ExpiringLister(2);
  await expect(listAll(client, { limit: 2, fullListIfExpired: false })).rejects.toSatisfy(isResourceExpired);
  expect(client.requests).toHaveLength(2);
});

test('an expired version of the first request rejects: a full list would get the same answer', async () => {
  const error = newResourceExpired('too old resource version');
  const requests: (ListOptions | undefined)[] = [];
  const client = {
    list: (options?: ListOptions) => {
      requests.push(options);
      return Promise.reject<KubernetesList<number>>(error);
    },
  };
  await expect(listAll(client, { resourceVersion: '1' })).rejects.toBe(error);
  expect(requests).toHaveLength(1);
});

test.each([
  ['another failure of a page', newForbidden({ group: '', resource: 'numbers' }, '', 'no')],
  ['a failure of the full list', newResourceExpired('again')],
])('%s rejects', async (_, error) => {
  const pages = new PagedLister(5);
  const client = {
    list: (options?: ListOptions) => (pages.requests.length === 1 ? Promise.reject(error) : pages.list(options)),
  };
  await expect(listAll(client, { limit: 2 })).rejects.toBe(error);
});

test('no request carries what is meant for the pager', async () => {
  const client = new ExpiringLister(2);
  await listAll(client, { limit: 2, fullListIfExpired: true });
  for (const request of client.requests) expect(request).not.toHaveProperty('fullListIfExpired');
});

test.each([
  ['between two pages', 2],
  ['before the full list', 3],
])('an abort %s rejects with its reason, and sends nothing more', async (_, at) => {
  const controller = new AbortController();
  const pages = new ExpiringLister(3);
  const client = {
    list: (options?: ListOptions) => {
      if (pages.requests.length + 1 === at) controller.abort('enough');
      return pages.list(options);
    },
  };
  await expect(listAll(client, { limit: 2, signal: controller.signal })).rejects.toBe('enough');
  expect(pages.requests).toHaveLength(at);
});
