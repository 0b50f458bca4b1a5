import type { KubernetesObject, PartialObjectMetadata, WatchEvent } from '@client-ts/apimachinery';
import type { MetadataResource } from './metadata-resource.js';

const type = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' };

/** Answers of a resource's verbs, with nothing of objects but their metadata whatever the server sends. */
export function withoutTheRest(verbs: MetadataResource): MetadataResource {
  return {
    origin: verbs.origin,
    get: async (name, options) => metadataOf(await verbs.get(name, options)),
    async list(options) {
      const { metadata, items } = await verbs.list(options);
      return { ...type, kind: `${type.kind}List`, metadata, items: items.map(metadataOf) };
    },
    listItems(options) {
      const items = verbs.listItems(options);
      return {
        get list() {
          return items.list && { ...items.list, ...type, kind: `${type.kind}List` };
        },
        [Symbol.asyncIterator]: () => mapped(items, metadataOf),
        [Symbol.asyncDispose]: () => items[Symbol.asyncDispose](),
      };
    },
    watch(options) {
      const events = verbs.watch(options);
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

/** @throws TypeError for what has none. */
function metadataOf(object: KubernetesObject): PartialObjectMetadata {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null)
    throw new TypeError('expected an object with metadata, and the answer has none');
  return { ...type, metadata };
}

function eventOf(event: WatchEvent<PartialObjectMetadata>): WatchEvent<PartialObjectMetadata> {
  return event.type === 'BOOKMARK' ? event : { type: event.type, object: metadataOf(event.object) };
}

async function* mapped<T>(source: AsyncIterable<T>, change: (item: T) => T): AsyncGenerator<T, void, undefined> {
  for await (const item of source) yield change(item);
}
