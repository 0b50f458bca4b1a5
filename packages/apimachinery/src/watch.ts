/** What a BOOKMARK carries: a resourceVersion, and annotations such as `k8s.io/initial-events-end`. */
export interface BookmarkObject {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** One change, exactly as the server sent it. An ERROR event is thrown as a `StatusError` instead. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: BookmarkObject };

/**
 * A single watch request. The request starts with the first `next()`, and can be iterated once.
 *
 * - `break`, `return` or an exception inside `for await` closes the connection; so does disposing.
 * - When the caller's `signal` aborts, the pending `next()` rejects with `signal.reason`.
 * - When the server ends the watch (`timeoutSeconds`), iteration ends normally.
 * - An ERROR event, or a non-2xx response, rejects with a `StatusError`; `isResourceExpired(err)` says that only a new
 *   list helps.
 * - Any other end of the connection rejects with the transport's error.
 */
export interface Watch<T> extends AsyncIterable<WatchEvent<T>>, AsyncDisposable {}

/** Annotation of the BOOKMARK that ends the initial events of a streaming list (KEP-3157). */
export const InitialEventsAnnotation = 'k8s.io/initial-events-end';
