import type { KubernetesList, Lister } from '@client-ts/apimachinery';
import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { eachListChunk, type PagerOptions } from './list-chunks.js';

export interface ListAllOptions extends PagerOptions {
  /** Read everything in one request when the pages can no longer be read on. Default: true. */
  fullListIfExpired?: boolean | undefined;
}

/** A whole list, read page by page; its metadata is that of the state which all pages show. */
export async function listAll<T>(client: Lister<T>, options: ListAllOptions = {}): Promise<KubernetesList<T>> {
  const { fullListIfExpired = true, ...request } = options;
  let first: KubernetesList<T> | undefined;
  const items: T[] = [];
  try {
    for await (const page of eachListChunk(client, request)) {
      if (!first && !page.metadata.continue) return page;
      first ??= page;
      for (const item of page.items) items.push(item);
    }
  } catch (error) {
    if (!first || !fullListIfExpired || !isResourceExpired(error)) throw error;
    return client.list({ ...request, limit: 0 });
  }
  const { continue: _, remainingItemCount: __, ...metadata } = first?.metadata ?? {};
  return { ...first, metadata, items };
}
