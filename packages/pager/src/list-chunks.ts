import type { KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';

/** Items per request, as client-go: some 2 MB of pods, which a server encodes and a client parses in milliseconds. */
const DefaultPageSize = 500;

/** Those of a list; `timeoutMs` and `timeoutSeconds` count for each request. */
export interface PagerOptions extends ListOptions {
  /** Items per request; 0 asks for everything at once. Default: 500. */
  limit?: number | undefined;
}

/**
 * Pages of a list, one request each, sent when the page is asked for.
 *
 * All pages show the state of the first. Rejects with an Expired error when the server has forgotten that state before the
 * last page was read, and with `signal.reason` instead of asking for another page.
 */
export async function* eachListChunk<T>(
  client: Lister<T>,
  options: PagerOptions = {},
): AsyncGenerator<KubernetesList<T>, void, void> {
  let request: ListOptions = { ...options, limit: options.limit ?? DefaultPageSize };
  for (;;) {
    request.signal?.throwIfAborted();
    const page = await client.list(request);
    yield page;
    const token = page.metadata.continue;
    if (!token) return;
    // The token says which state it goes on from; the server refuses to be told twice.
    request = { ...request, continue: token, resourceVersion: undefined, resourceVersionMatch: undefined };
  }
}
