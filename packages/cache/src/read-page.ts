import type { KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';
import type { Slicer } from './slicer.js';

/**
 * Reads one page, and gives its items to `take` as they come; what it resolves with has none of them. Nothing else that the
 * process does is held up: a source with `listItems` gives the event loop its turns, and what `list` gives is taken in slices.
 *
 * Rejects with what the source rejects with, or with the signal's reason, maybe after some items were taken.
 */
export async function readPage<T>(
  source: Lister<T>,
  options: ListOptions,
  take: (item: T) => void,
  slicer: Slicer,
): Promise<KubernetesList<never>> {
  if (source.listItems) {
    const stream = source.listItems(options);
    for await (const item of stream) take(item);
    if (!stream.list) throw new TypeError('the source ended a list without saying of which version it is');
    return stream.list;
  }
  const { items, ...list } = await source.list(options);
  for (const item of items) {
    take(item);
    if (!slicer.due()) continue;
    await slicer.yield();
    options.signal?.throwIfAborted();
  }
  return { ...list, items: [] };
}
