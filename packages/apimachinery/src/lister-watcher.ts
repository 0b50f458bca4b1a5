import type { KubernetesList } from './object.js';
import type { ListOptions, WatchOptions } from './options.js';
import type { Watch } from './watch.js';

/** Anything that can be listed. */
export interface Lister<T> {
  list(options?: ListOptions): Promise<KubernetesList<T>>;
}

/**
 * Anything that can be listed and watched: all that a Reflector, a pager or a retrying watch knows of a server. Every
 * resource client is one; a pair of functions is enough to write one by hand.
 */
export interface ListerWatcher<T> extends Lister<T> {
  watch(options?: WatchOptions): Watch<T>;
}
