import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { onAbort } from '@client-ts/apimachinery';

export interface ServerCertificatesOptions {
  /** Name to send as SNI: a server may have a certificate for each. Default: the host of the URL, unless it is an address. */
  readonly serverName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The certificates that a server shows, its own first, whether anybody trusts them or not: to find out what is wrong with them, or
 * whom to ask about. What is learned this way proves nothing; send nothing to such a server.
 *
 * Rejects as connecting does, with `signal.reason`, and with a `TypeError` for a URL that is none of `https:`. As client-go's `GetServingCertificatesForURL`.
 */
export async function serverCertificates(
  url: string,
  options: ServerCertificatesOptions = {},
): Promise<X509Certificate[]> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'https:') throw new TypeError(`url: expected https:, got ${protocol}`);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const { serverName = isIP(host) === 0 ? host : undefined, signal } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      rejectUnauthorized: false,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    const unlink = signal && onAbort(signal, () => socket.destroy(signal.reason as Error));
    socket.once('error', reject);
    socket.once('close', () => unlink?.());
    socket.once('secureConnect', () => {
      const certificates: X509Certificate[] = [];
      let next = socket.getPeerX509Certificate();
      while (next && !certificates.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
        certificates.push(next);
        next = next.issuerCertificate;
      }
      socket.destroy();
      resolve(certificates);
    });
  });
}
