import type { TransportRequest } from '@client-ts/rest';

/** What a request of an informer is for. */
export type Purpose = 'list' | 'stream' | 'watch';

export function purposeOf({ url }: Pick<TransportRequest, 'url'>): Purpose {
  if (!url.searchParams.has('watch')) return 'list';
  return url.searchParams.get('sendInitialEvents') === 'true' ? 'stream' : 'watch';
}
