import { X509Certificate } from 'node:crypto';
import { type AllNames, namesIn } from './certificate-names.js';
import { pemBlocks } from './pem.js';
import { bytes } from './signature.js';
import { loadX509 } from './x509-library.js';

/**
 * The certificates in a text, in order. Other blocks, such as keys, are passed over, and so are certificates with headers.
 *
 * @throws TypeError when there is none, or one cannot be read.
 */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pemBlocks(pem).filter(({ type, hasHeaders }) => type === 'CERTIFICATE' && !hasHeaders);
  if (blocks.length === 0) throw new TypeError('the text holds no certificate in PEM');
  return blocks.map(({ der }, index) => {
    try {
      return new X509Certificate(der);
    } catch (cause) {
      throw new TypeError(`certificate ${index + 1} cannot be read: ${(cause as Error).message}`, { cause });
    }
  });
}

/** PEM text of certificates, one after the other. */
export function formatCertificates(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** Whom a certificate is for. */
export async function namesOf(certificate: X509Certificate): Promise<AllNames> {
  const library = await loadX509();
  const { subject, extensions = [] } = library.AsnConvert.parse(
    bytes(certificate.raw),
    library.Certificate,
  ).tbsCertificate;
  return namesIn(library, subject, [...extensions]);
}
