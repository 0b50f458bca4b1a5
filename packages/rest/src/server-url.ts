import { attempt } from './attempt.js';
import type { Config } from './config.js';

/**
 * The base URL of the API server: `config.host` with scheme, its path ending in `/`, without query and fragment.
 *
 * A host without scheme is taken as `https` when TLS material is given, and as `http` otherwise; an empty one as
 * `localhost`, as client-go does.
 *
 * @throws TypeError when the host is neither a URL nor `host:port`.
 */
export function serverUrl({ host, tls }: Pick<Config, 'host' | 'tls'>): URL {
  const secure = tls?.ca !== undefined || tls?.cert !== undefined || tls?.insecure === true;
  const address = host === '' ? 'localhost' : host;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const url = attempt(() => new URL(hasScheme ? address : `${secure ? 'https' : 'http'}://${address}`));
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || (!hasScheme && url.pathname !== '/')) {
    throw new TypeError(
      `config.host: expected an http(s) URL or host:port, got ${JSON.stringify(withoutCredentials(host))}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      `config.host: credentials do not belong in the URL ${withoutCredentials(host)}; use config.username and config.password`,
    );
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function withoutCredentials(host: string): string {
  return host.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@');
}
