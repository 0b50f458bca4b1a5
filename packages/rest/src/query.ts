import type { ApplyOptions, ListOptions, WatchOptions, WriteOptions } from '@client-ts/apimachinery';
import type { Request } from './request.js';

type Query = NonNullable<Request['query']>;

/** Empty selectors and tokens mean the same as none, and are not sent. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

export function listQuery(options: ListOptions): Query {
  return {
    labelSelector: given(options.labelSelector),
    fieldSelector: given(options.fieldSelector),
    resourceVersion: given(options.resourceVersion),
    resourceVersionMatch: options.resourceVersionMatch,
    limit: options.limit || undefined,
    continue: given(options.continue),
    timeoutSeconds: options.timeoutSeconds,
    // What servers go by when it is no watch.
    timeout: options.timeoutSeconds ? `${options.timeoutSeconds}s` : undefined,
    shardSelector: given(options.shardSelector),
  };
}

export function watchQuery(options: WatchOptions): Query {
  return {
    watch: true,
    ...listQuery(options),
    sendInitialEvents: options.sendInitialEvents,
    allowWatchBookmarks: options.allowWatchBookmarks || undefined,
  };
}

export function writeQuery(options: WriteOptions | ApplyOptions): Query {
  return {
    dryRun: options.dryRun ? 'All' : undefined,
    fieldManager: given(options.fieldManager),
    fieldValidation: options.fieldValidation,
  };
}
