import { type Config, withUserAgent } from '@client-ts/rest';

/**
 * For requests on which a lease depends: they neither wait for the config's rate limit nor are sent again by themselves. That a
 * controller asks much must not cost it its lease, and whoever sends them tries again in time.
 */
export function leaseConfig(config: Config): Config {
  const named = withUserAgent(config, 'leader-election');
  return { ...named, qps: undefined, rateLimiter: undefined, retry: { max: 0 } };
}
