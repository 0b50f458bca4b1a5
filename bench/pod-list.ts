import type { Pod } from '@client-ts/api/core/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { chunksOf } from './memory-transport.js';
import { eachPod } from './pods.js';

/** As the server sends it: the items without their types. Of a large list there are never more than the bytes. */
export function podListChunks(pods: Iterable<Pod>, continueToken?: string): Uint8Array[] {
  return chunksOf(Buffer.concat(Array.from(podListParts(pods, continueToken), (part) => Buffer.from(part))));
}

/** The same in parts, a pod in each. */
export function podListParts(pods: Iterable<Pod>, continueToken?: string): Generator<string> {
  const metadata = { resourceVersion: '1', ...(continueToken === undefined ? {} : { continue: continueToken }) };
  return listParts({ kind: 'PodList', apiVersion: 'v1', metadata }, pods);
}

/** A list in parts, an item in each. */
export function* listParts(list: object, items: Iterable<KubernetesObject>): Generator<string> {
  yield JSON.stringify({ ...list, items: [] }).slice(0, -2);
  let separator = '';
  for (const item of items) {
    yield `${separator}${JSON.stringify({ ...item, apiVersion: undefined, kind: undefined })}`;
    separator = ',';
  }
  yield ']}';
}

/** The pages of a list of as many pods; the token of a page is its number. */
export function podPages(count: number, pageSize: number): Uint8Array[][] {
  return Array.from({ length: Math.ceil(count / pageSize) }, (_, page) => {
    const end = (page + 1) * pageSize;
    return podListChunks(eachPod(page * pageSize, Math.min(count, end)), end < count ? String(page + 1) : undefined);
  });
}
