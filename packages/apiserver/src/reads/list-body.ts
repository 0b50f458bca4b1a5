import { formatGroupVersion } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import type { Listed } from './list-objects.js';

/** Enough text for one chunk. */
const ChunkLength = 256 * 1024;

/** A list as JSON text in chunks, put together from the texts that the objects keep. */
export async function* listBody(resource: ServedResource, { metadata, items }: Listed): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const { listKind } = resource;
  const head = {
    kind: listKind,
    apiVersion: formatGroupVersion(resource),
    // Lists of custom resources always have the field.
    metadata: resource.custom ? { continue: '', ...metadata } : metadata,
  };
  let text = `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let separator = '';
  for (const item of items) {
    // Items of built-in lists carry no kind; custom resources do, as on a real server.
    text += separator + (resource.custom ? item.json(resource) : item.itemJson(resource));
    separator = ',';
    if (text.length < ChunkLength) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(`${text}]}\n`);
}
