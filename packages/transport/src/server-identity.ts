import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity as checkName, type PeerCertificate } from 'node:tls';

/**
 * Whether a certificate is for whom was called: for `checkServerIdentity` of Node's TLS. Names are Node's business; addresses
 * are compared by OpenSSL, for Node.js 22.23 takes an IPv6 address for a name, and finds it in no certificate.
 *
 * @param host - a name, or an address without brackets.
 */
export function checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const address = host.replace(/%.*$/s, ''); // its zone is nothing that a certificate knows
  if (isIP(address) === 0) return checkName(host, certificate);
  const presented = new X509Certificate(certificate.raw);
  if (presented.checkIP(address) !== undefined) return undefined;
  const error = new Error(
    `the certificate is not for ${address}: it is for ${presented.subjectAltName ?? 'no address'}`,
  );
  return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
