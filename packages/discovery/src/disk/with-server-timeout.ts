import type { Middleware } from '@client-ts/rest';

/** kubectl's, which it tells the server, too; so its requests have the same URL, by which their answers are kept. */
const Timeout = '32s';

export const withServerTimeout: Middleware = (request, next) => {
  if (request.method !== 'GET' || request.longRunning || request.url.searchParams.has('timeout')) return next(request);
  const url = new URL(request.url);
  url.searchParams.set('timeout', Timeout);
  return next({ ...request, url });
};
