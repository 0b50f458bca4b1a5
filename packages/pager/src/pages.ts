import type { KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';

/** Items per request, as client-go: some 2 MB of pods, which a server encodes and a client parses in milliseconds. */
const DefaultPageSize = 500;

/** Pages of a list, one request each, sent when the page is asked for. */
export async function* pagesOf<T>(
  client: Lister<T>,
  options: ListOptions,
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
