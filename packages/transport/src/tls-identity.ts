import { createHash } from 'node:crypto';
import type { TlsConfig } from '@client-ts/rest';

/** What decides whether two clients may share sockets. */
export interface TransportOptions {
  readonly tls?: TlsConfig | undefined;
  /** `http://` or `https://` URL of a proxy, which may hold credentials. Its own certificate is one that the runtime trusts. */
  readonly proxyUrl?: string | undefined;
}

/** A key that is equal for equal identities, and from which no key or password can be read. */
export function identityOf({ tls = {}, proxyUrl }: TransportOptions): string {
  const { ca, cert, key, serverName, insecure = false } = tls;
  const parts = [ca, cert, key, serverName, insecure, proxyUrl].map((part) => part ?? null);
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
