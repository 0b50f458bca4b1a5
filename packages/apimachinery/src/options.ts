import type { UndecodableObject } from './undecodable-object.js';

/** A warning of the server (RFC 7234 §5.5, code 299), such as the use of a deprecated API. */
export interface Warning {
  readonly code: number;
  readonly agent: string;
  /** On one line, without control characters. */
  readonly text: string;
}

/** Shared by every call that talks to the API server. */
export interface RequestOptions {
  /** Cancels the call. The promise, or the iterator, rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
  /**
   * Client-side deadline in milliseconds for the whole call, retries included. Default: none. Not the same as
   * `timeoutSeconds`, which the server enforces.
   */
  timeoutMs?: number | undefined;
  /** Called for each warning that comes with the answer, instead of the client's own handler. */
  onWarning?: ((warning: Warning) => void) | undefined;
  /**
   * Called before the call waits to send its request again, as servers ask for with `Retry-After`: whoever waits for an answer
   * learns that none can come before.
   */
  onRetry?: ((retry: Retry) => void) | undefined;
}

/** A request was not answered as hoped, and is going to be sent again. */
export interface Retry {
  /** Milliseconds until then. */
  readonly delayMs: number;
  /** Why. */
  readonly error: unknown;
}

/** Options of calls that name a subresource (`status`, `scale`, …) of the object instead of the object itself; `S` are those there are. */
export interface SubresourceOptions<S extends string = string> {
  subresource?: S | undefined;
}

export interface GetOptions<S extends string = string> extends RequestOptions, SubresourceOptions<S> {
  /** `"0"` allows any cached state; empty means the most recent one. */
  resourceVersion?: string | undefined;
}

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export interface ListOptions extends RequestOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** `"0"` allows any cached state; empty means the most recent one. */
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'NotOlderThan' | 'Exact' | undefined;
  /** Maximum number of items in one response; see `@client-ts/pager` to walk all of them. */
  limit?: number | undefined;
  /** Token of the previous page. */
  continue?: string | undefined;
  /** Server-side limit on the call, in seconds. */
  timeoutSeconds?: number | undefined;
  /**
   * One part of the objects of many, by ranges of a hash: `shardRange(object.metadata.uid, '0x0', '0x8000000000000000')`.
   * Alpha in Kubernetes 1.36; servers that do not know it give all objects.
   */
  shardSelector?: string | undefined;
  /**
   * Leave `metadata.managedFields` out of the objects, before they are parsed: a third of what a server sends, half of
   * what an object takes in memory, and of use to few. A wish: listers of other kinds may keep them. Default: false.
   */
  dropManagedFields?: boolean | undefined;
  /**
   * Called for each object that cannot be decoded, in its place among those that can; it is left out of the list or the watch.
   * A wish, too. Default: the call fails, with what is behind the object unread.
   */
  onUndecodable?: ((object: UndecodableObject) => void) | undefined;
}

export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue'> {
  /** Begin with the current objects as ADDED events (KEP-3157). Needs `resourceVersionMatch: 'NotOlderThan'`. */
  sendInitialEvents?: boolean | undefined;
  /** Lets the server send BOOKMARK events, which carry nothing but a newer resourceVersion. */
  allowWatchBookmarks?: boolean | undefined;
}

/** Options shared by everything that writes. */
export interface WriteOptions<S extends string = string> extends RequestOptions, SubresourceOptions<S> {
  /** Validate and answer, but store nothing. */
  dryRun?: boolean | undefined;
  /** Who the written fields are attributed to; the server falls back to the user agent. */
  fieldManager?: string | undefined;
  /** What the server does with unknown and duplicate fields. Its default is `Warn`. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
}

export interface CreateOptions<S extends string = string> extends WriteOptions<S> {}
export interface UpdateOptions<S extends string = string> extends WriteOptions<S> {}
export interface PatchOptions<S extends string = string> extends WriteOptions<S> {}

/** Options of server-side apply. */
export interface ApplyOptions<S extends string = string> extends RequestOptions, SubresourceOptions<S> {
  /** Whose set of fields this configuration is. */
  fieldManager: string;
  /** Take over fields that other managers own instead of failing with a conflict. */
  force?: boolean | undefined;
  dryRun?: boolean | undefined;
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
}

/** The delete happens only if the stored object still matches. */
export interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

export interface DeleteOptions extends RequestOptions {
  /** What happens to dependents; the default depends on the resource. */
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  /** Seconds a graceful deletion may take; 0 is immediate. */
  gracePeriodSeconds?: number | undefined;
  preconditions?: Preconditions | undefined;
  dryRun?: boolean | undefined;
  /**
   * Delete what can no longer be decrypted or decoded, without finalizers and preconditions. It may break the cluster, and
   * needs the verb `unsafe-delete-ignore-read-errors`.
   */
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean | undefined;
}

/** One operation of a JSON patch (RFC 6902). Paths are JSON pointers (RFC 6901). */
export type JsonPatchOp =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/**
 * A patch says what kind it is, so a body cannot be sent with the wrong content type.
 *
 * - `json`: RFC 6902 operations.
 * - `merge`: RFC 7386; `null` deletes a field, lists are replaced.
 * - `strategic`: Kubernetes' own; lists are merged by key. Built-in resources only, not CRDs.
 */
export type Patch =
  | { readonly type: 'json'; readonly ops: readonly JsonPatchOp[] }
  | { readonly type: 'merge'; readonly patch: unknown }
  | { readonly type: 'strategic'; readonly patch: unknown };
