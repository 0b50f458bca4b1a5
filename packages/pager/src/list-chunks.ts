import type { KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';
import { pagesOf } from './pages.js';
import { readAhead } from './read-ahead.js';

/** Those of a list; `timeoutMs` and `timeoutSeconds` count for each request. */
export interface PagerOptions extends ListOptions {
  /** Items per request; 0 asks for everything at once. Default: 500. */
  limit?: number | undefined;
  /**
   * Pages to ask for in advance, while one is worked on: for walks whose work takes about as long as a request. Default: 0, so
   * that nothing is asked for that nobody may want. client-go asks for 10 in advance.
   */
  pageBufferSize?: number | undefined;
}

/**
 * Pages of a list, one request each, sent when the page is asked for.
 *
 * All pages show the state of the first. Rejects with an Expired error when the server has forgotten that state before the
 * last page was read, and with `signal.reason` instead of giving another page.
 */
export async function* eachListChunk<T>(
  client: Lister<T>,
  { pageBufferSize = 0, ...options }: PagerOptions = {},
): AsyncGenerator<KubernetesList<T>, void, void> {
  if (!(pageBufferSize >= 0))
    throw new RangeError(`pageBufferSize: expected a number from 0 on, got ${pageBufferSize}`);
  if (pageBufferSize === 0) yield* pagesOf(client, options);
  else yield* readAhead((signal) => pagesOf(client, { ...options, signal }), pageBufferSize, options.signal);
}
