import type { Config } from './config.js';

/**
 * The same server without anything that says who is calling: no tokens, passwords, client certificates or impersonation.
 * The transport, the middleware and the observer are left out too, because they may carry any of these.
 */
export function anonymousConfig(config: Config): Config {
  const { host, proxyUrl, qps, burst, rateLimiter, retry, userAgent, timeoutMs, onWarning, codecs } = config;
  const { ca, serverName, insecure } = config.tls ?? {};
  // What is not known here is left out: a field that is added to the config must not become a leak.
  const server: Config = { host, proxyUrl, qps, burst, rateLimiter, retry, userAgent, timeoutMs, onWarning, codecs };
  return config.tls === undefined ? server : { ...server, tls: { ca, serverName, insecure } };
}
