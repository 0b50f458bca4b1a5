import type { KubernetesList } from './object.js';
import type { ListOptions, WatchOptions } from './options.js';
import type { Watch } from './watch.js';

/** Who is asked, and for what. */
export interface ListOrigin {
  /** Stands for the server: the same object, the same server. */
  readonly server: object;
  /** Group, version and resource, as in `apps/v1/deployments`. */
  readonly resource: string;
}

/** Anything that can be listed. */
export interface Lister<T> {
  list(options?: ListOptions): Promise<KubernetesList<T>>;
  /**
   * The same list, item by item as it arrives: nothing but the item at hand is held in memory. Left out by listers that
   * gain nothing from it.
   */
  listItems?(options?: ListOptions): ItemStream<T>;
}

/**
 * The items of one list request. It is sent with the first `next()`, and can be iterated once; it may fail after some
 * items were given.
 *
 * `break`, `return` or an exception inside `for await` closes the connection; so does disposing.
 */
export interface ItemStream<T> extends AsyncIterable<T>, AsyncDisposable {
  /**
   * The list without its items: `metadata` with the resourceVersion, and the token of the next page. `undefined` until the
   * iteration has ended, because servers may send it last.
   */
  readonly list: KubernetesList<never> | undefined;
}

/**
 * Anything that can be listed and watched: all that a Reflector, a pager or a retrying watch knows of a server. Every
 * resource client is one; a pair of functions is enough to write one by hand.
 */
export interface ListerWatcher<T> extends Lister<T> {
  watch(options?: WatchOptions): Watch<T>;
  /** Lets what is found out about a server be known to others that ask the same. Left out by those that cannot tell. */
  readonly origin?: ListOrigin | undefined;
}
