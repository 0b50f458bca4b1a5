import type { X509Certificate } from 'node:crypto';
import { formatCertificates, parseCertificates } from './certificate-pem.js';
import { formatPrivateKey, parsePrivateKey } from './private-key.js';

/**
 * A certificate, those that vouch for it, and its private key. The key does not show in what is printed of it, nor in JSON.
 */
export class KeyPair {
  /** PEM text; the certificate itself comes first. */
  readonly cert: string;
  readonly leaf: X509Certificate;
  readonly #key: string;

  /**
   * @throws TypeError when one of them cannot be read, or they do not belong together. The message holds nothing of them.
   */
  constructor({ cert, key }: { readonly cert: string; readonly key: string }) {
    const certificates = parseCertificates(cert);
    const [leaf] = certificates;
    const privateKey = parsePrivateKey(key);
    if (!leaf?.checkPrivateKey(privateKey)) throw new TypeError('the private key is not that of the certificate');
    this.cert = formatCertificates(certificates);
    this.leaf = leaf;
    this.#key = formatPrivateKey(privateKey);
  }

  /** PEM text of the private key: `EC PRIVATE KEY` or `RSA PRIVATE KEY`. */
  get key(): string {
    return this.#key;
  }

  /** Milliseconds since the epoch from which on the certificate counts. */
  get notBeforeMs(): number {
    return Date.parse(this.leaf.validFrom);
  }

  /** Milliseconds since the epoch until which the certificate counts. */
  get notAfterMs(): number {
    return Date.parse(this.leaf.validTo);
  }
}
