import type { KubernetesList, Lister } from '@client-ts/apimachinery';
import { isResourceExpired } from '@client-ts/apimachinery/errors';
import type { PagerOptions } from './list-chunks.js';
import { pagesOf } from './pages.js';

export interface ListAllOptions extends Omit<PagerOptions, 'pageBufferSize'> {
  /**
   * Read everything in one request when the pages can no longer be read on, at the version that was asked for first.
   * Default: true, as in client-go: the walk has already taken longer than the server keeps a state.
   */
  fullListIfExpired?: boolean | undefined;
}

/**
 * A whole list, read page by page; its metadata is that of the state which all pages show. A list of one page comes as the
 * server sent it.
 *
 * Rejects with what a request rejects with, and with `signal.reason`.
 */
export async function listAll<T>(client: Lister<T>, options: ListAllOptions = {}): Promise<KubernetesList<T>> {
  const { fullListIfExpired = true, ...request } = options;
  let first: KubernetesList<T> | undefined;
  const items: T[] = [];
  try {
    for await (const page of pagesOf(client, request)) {
      if (!first && !page.metadata.continue) return page;
      first ??= page;
      for (const item of page.items) items.push(item);
    }
  } catch (error) {
    const hadToken = first !== undefined || Boolean(request.continue);
    if (!hadToken || !fullListIfExpired || !isResourceExpired(error)) throw error;
    request.signal?.throwIfAborted();
    return client.list({ ...request, limit: 0, continue: undefined });
  }
  const { continue: _, remainingItemCount: __, ...metadata } = first?.metadata ?? {};
  return { ...first, metadata, items };
}
