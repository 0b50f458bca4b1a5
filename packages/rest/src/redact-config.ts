import type { Config } from './config.js';

const Redacted = '--- REDACTED ---';

/** The config in a form that can be logged: whatever proves an identity, or may do so, is replaced by `--- REDACTED ---`. */
export function redactConfig(config: Config): Record<string, unknown> {
  const { tls, proxyUrl, codecs } = config;
  const shown: Record<string, unknown> = { ...config };
  for (const field of [
    'bearerToken',
    'password',
    'transport',
    'middleware',
    'observer',
    'rateLimiter',
    'onWarning',
  ] as const) {
    if (config[field] !== undefined) shown[field] = Redacted;
  }
  if (codecs !== undefined) shown['codecs'] = codecs.map(({ mediaType }) => mediaType);
  if (tls?.key !== undefined) shown['tls'] = { ...tls, key: Redacted };
  if (proxyUrl !== undefined) shown['proxyUrl'] = redactProxy(proxyUrl);
  return shown;
}

function redactProxy(proxyUrl: string): string {
  // What is no URL of a proxy may be anything.
  if (!/^(?:https?|socks5):\/\//i.test(proxyUrl)) return Redacted;
  return proxyUrl.replace(/(?<=:\/\/).*@/s, `${Redacted}@`);
}
