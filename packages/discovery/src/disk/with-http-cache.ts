import type { Config, Middleware } from '@client-ts/rest';
import { cacheDirectoriesOf, defaultCacheDirectory } from './cache-directories.js';
import { httpCache, type HttpCacheOptions } from './http-cache.js';

/** What kubectl tells servers when it asks for documents. */
const Timeout = '32s';

export interface KubectlHttpCacheOptions extends HttpCacheOptions {
  /** Default: that of kubectl, `$KUBECACHEDIR` or `~/.kube/cache`. */
  readonly cacheDirectory?: string | undefined;
}

/**
 * A config for clients of documents, whose answers are shared with kubectl ({@link httpCache}): `DiscoveryClient`, and
 * `OpenApiClient`, which then finds on disk what it, or `kubectl explain`, fetched another time.
 *
 * Such a client tells the server to give up after 32 seconds, as kubectl does: answers are kept by URL, and that is part of it.
 */
export function withHttpCache(config: Config, { cacheDirectory, ...options }: KubectlHttpCacheOptions = {}): Config {
  const { http } = cacheDirectoriesOf(cacheDirectory ?? defaultCacheDirectory(), config.host);
  return { ...config, middleware: [withTimeout, httpCache(http, options), ...(config.middleware ?? [])] };
}

const withTimeout: Middleware = (request, next) => {
  if (request.method !== 'GET' || request.longRunning || request.url.searchParams.has('timeout')) return next(request);
  const url = new URL(request.url);
  url.searchParams.set('timeout', Timeout);
  return next({ ...request, url });
};
