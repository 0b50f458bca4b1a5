/** What stands between a client and its server, and is asked for tunnels. */
export interface Proxy {
  readonly protocol: 'http:' | 'https:' | 'socks5:';
  readonly hostname: string;
  readonly port: number;
  /** `host:port` as it was given, without credentials. */
  readonly host: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** `socks5h` says that the proxy looks up names, which `socks5` means in Go's clients anyway. */
const Kinds: Readonly<Record<string, readonly [protocol: Proxy['protocol'], port: number]>> = {
  'http:': ['http:', 80],
  'https:': ['https:', 443],
  'socks5:': ['socks5:', 1080],
  'socks5h:': ['socks5:', 1080],
};

/** @throws TypeError when the URL is none, or of a kind that is not supported. The message holds no credentials. */
export function proxyOf(proxyUrl: string): Proxy {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  const kind = url && Kinds[url.protocol];
  if (!kind) {
    const got = url?.protocol ?? 'no URL';
    throw new TypeError(`config.proxyUrl: expected an http://, https:// or socks5:// URL, got ${got}`);
  }
  const [protocol, defaultPort] = kind;
  if (url.hostname === '') throw new TypeError('config.proxyUrl: expected a host');
  return {
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? defaultPort : Number(url.port),
    host: url.host,
    credentials: credentialsOf(url),
  };
}

function credentialsOf({ username, password }: URL): Proxy['credentials'] {
  if (username === '' && password === '') return undefined;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch (cause) {
    throw new TypeError('config.proxyUrl: user name and password must be percent-encoded', { cause });
  }
}
