import type { KubernetesObject, ListOptions, PartialObjectMetadata, WatchEvent } from '@client-ts/apimachinery';
import { metadataOf } from '@client-ts/rest';
import type { MetadataResource } from './metadata-resource.js';

const list = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadataList' };

/**
 * Answers of a resource's verbs, with nothing of objects but their metadata whatever the server sends. One that has none counts
 * among those that cannot be decoded.
 */
export function withoutTheRest(verbs: MetadataResource): MetadataResource {
  return {
    origin: verbs.origin,
    get: async (name, options) => metadataOf(await verbs.get(name, options)),
    async list(options) {
      const { metadata, items } = await verbs.list(options);
      const read = reader(options);
      return { ...list, metadata, items: items.map((item) => read(item)).filter((item) => item !== undefined) };
    },
    listItems(options) {
      const items = verbs.listItems(options);
      const read = reader(options);
      return {
        get list() {
          return items.list && { ...items.list, ...list };
        },
        [Symbol.asyncIterator]: () => mapped(items, (item) => read(item)),
        [Symbol.asyncDispose]: () => items[Symbol.asyncDispose](),
      };
    },
    watch(options) {
      const events = verbs.watch(options);
      const read = reader(options);
      const eventOf = (event: WatchEvent<PartialObjectMetadata>): WatchEvent<PartialObjectMetadata> | undefined => {
        if (event.type === 'BOOKMARK') return event;
        const { type } = event;
        const object = read(event.object, type);
        return object && { type, object };
      };
      return {
        [Symbol.asyncIterator]: () => mapped(events, eventOf),
        [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
      };
    },
    patch: async (name, patch, options) => metadataOf(await verbs.patch(name, patch, options)),
    delete: (name, options) => verbs.delete(name, options),
    deleteCollection: (options, listOptions) => verbs.deleteCollection(options, listOptions),
  };
}

/** Reads one of many objects, or tells why it cannot be read where somebody wants to know. */
function reader({ onUndecodable }: Pick<ListOptions, 'onUndecodable'> = {}) {
  return (object: KubernetesObject, type?: 'ADDED' | 'MODIFIED' | 'DELETED'): PartialObjectMetadata | undefined => {
    try {
      return metadataOf(object);
    } catch (error) {
      if (!onUndecodable) throw error;
      onUndecodable({ error, type });
      return undefined;
    }
  };
}

async function* mapped<T>(
  source: AsyncIterable<T>,
  change: (item: T) => T | undefined,
): AsyncGenerator<T, void, undefined> {
  for await (const item of source) {
    const changed = change(item);
    if (changed !== undefined) yield changed;
  }
}
