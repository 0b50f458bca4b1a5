import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsConfig } from '@client-ts/rest';

/**
 * Certificates and keys, parsed once for all connections: that is a third of what a new one costs.
 *
 * @returns `undefined` when there are none, and the runtime's own authorities count.
 * @throws TypeError that names the field which contradicts another, or cannot be used.
 */
export function secureContextOf(tls: TlsConfig = {}): SecureContext | undefined {
  const { ca, cert, key, insecure } = tls;
  if (insecure && ca !== undefined) throw new TypeError('config.tls.insecure and config.tls.ca exclude each other');
  if (cert !== undefined && key === undefined) throw new TypeError('config.tls.cert is set without config.tls.key');
  if (key !== undefined && cert === undefined) throw new TypeError('config.tls.key is set without config.tls.cert');
  if (ca === undefined && cert === undefined) return undefined;
  for (const [field, pem] of Object.entries({ ca, cert, key })) {
    if (pem !== undefined && !pem.includes('-----BEGIN ')) {
      throw new TypeError(`config.tls.${field} is not PEM text: expected a line "-----BEGIN …-----"`);
    }
  }
  if (ca !== undefined) checkAuthorities(ca);
  try {
    return createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw new TypeError(`config.tls: the certificates or the key cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * Markers have lines of their own: two that share one, as when files without a last line break are joined, are none.
 */
const Certificate = /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[ \t\r]*\n[^-]+\n-----END [^-\n]+-----[ \t\r]*$/gm;

/** Node.js stops at what it cannot read, without a word, and does not trust what comes after it. */
function checkAuthorities(ca: string): void {
  const certificates = ca.match(Certificate) ?? [];
  if (certificates.length === 0) throw new TypeError('config.tls.ca holds no complete certificate');
  for (const [index, certificate] of certificates.entries()) {
    try {
      void new X509Certificate(certificate);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new TypeError(`config.tls.ca: certificate ${index + 1} cannot be read: ${reason}`, { cause });
    }
  }
}
