import { type Clock, realClock, sleep } from '@client-ts/apimachinery';
import type { Middleware } from './middleware.js';

export interface HostBackoffOptions {
  /** Wait after the first failure, in milliseconds; each further one doubles it. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly clock?: Clock | undefined;
}

/**
 * Holds back all requests to a host that fails, with 429, 5xx or without an answer, until one succeeds: a client of many
 * callers then does not keep a struggling server down. In addition to what a server asks for with `Retry-After`, and off
 * unless it is among `config.middleware`, as in client-go.
 */
export function hostBackoff({ baseMs, maxMs, clock = realClock }: HostBackoffOptions): Middleware {
  const delays = new Map<string, number>();
  return async (request, next) => {
    const { host } = request.url;
    const delayMs = delays.get(host);
    if (delayMs !== undefined) await sleep(clock, delayMs, request.signal);
    // Requests that were under way together count as one failure.
    const failed = (): void => void delays.set(host, Math.min(delayMs === undefined ? baseMs : 2 * delayMs, maxMs));
    try {
      const response = await next(request);
      if (response.status === 429 || response.status >= 500) failed();
      else delays.delete(host);
      return response;
    } catch (error) {
      if (!request.signal?.aborted) failed();
      throw error;
    }
  };
}
