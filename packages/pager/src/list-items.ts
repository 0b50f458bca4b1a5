import type { Lister } from '@client-ts/apimachinery';
import { eachListChunk, type PagerOptions } from './list-chunks.js';

/**
 * The items of a list, read page by page as they are asked for.
 *
 * Rejects with an Expired error when the pages can no longer be read on: starting over would give items twice.
 */
export async function* eachListItem<T>(client: Lister<T>, options?: PagerOptions): AsyncGenerator<T, void, void> {
  for await (const { items } of eachListChunk(client, options)) yield* items;
}
