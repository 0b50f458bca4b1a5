import type { Pod } from '@client-ts/api/core/v1';
import { chunksOf } from './memory-transport.js';

/** As the server sends it: the items without their types. */
export function podListChunks(pods: readonly Pod[], continueToken?: string): Uint8Array[] {
  return chunksOf(
    JSON.stringify({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '1', ...(continueToken === undefined ? {} : { continue: continueToken }) },
      items: pods.map((pod) => ({ ...pod, apiVersion: undefined, kind: undefined })),
    }),
  );
}

/** The pages of a list; the token of a page is its number. */
export function podPages(pods: readonly Pod[], pageSize: number): Uint8Array[][] {
  const count = Math.ceil(pods.length / pageSize);
  return Array.from({ length: count }, (_, page) =>
    podListChunks(pods.slice(page * pageSize, (page + 1) * pageSize), page + 1 < count ? String(page + 1) : undefined),
  );
}
