/** A proxy that is asked for tunnels. */
export interface Proxy {
  /** `host:port`, without credentials. */
  readonly host: string;
  readonly origin: string;
  /** Value of the `Proxy-Authorization` header. */
  readonly authorization: string | undefined;
}

/** @throws TypeError when the URL is none, or of a kind that is not supported. The message holds no credentials. */
export function proxyOf(proxyUrl: string): Proxy {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError(`config.proxyUrl: expected an http:// or https:// URL, got ${url?.protocol ?? 'no URL'}`);
  }
  return { host: url.host, origin: url.origin, authorization: authorizationOf(url) };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(userinfo).toString('base64')}`;
  } catch (cause) {
    throw new TypeError('config.proxyUrl: user name and password must be percent-encoded', { cause });
  }
}
