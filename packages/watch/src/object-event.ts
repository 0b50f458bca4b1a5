import type { WatchEvent } from '@client-ts/apimachinery';

/** An event that is about an object: all but bookmarks. */
export type ObjectEvent<T> = Exclude<WatchEvent<T>, { readonly type: 'BOOKMARK' }>;
