import type { X509Certificate } from 'node:crypto';

/** What a certificate manager does, for metrics and logs. No event holds a private key. */
export type CertificateEvent =
  /** A CertificateSigningRequest was created, and is to be approved and signed. */
  | { readonly type: 'requested'; readonly name: string }
  /** Another certificate is in use. */
  | {
      readonly type: 'rotated';
      readonly certificate: X509Certificate;
      /** How old the one of before was, in milliseconds from its `notBefore` on; `undefined` when there was none. */
      readonly replacedAgeMs: number | undefined;
    }
  /** There is no new certificate; the next attempt is made after `delayMs`. */
  | { readonly type: 'failed'; readonly error: Error; readonly delayMs: number }
  /** A request could not be looked at, and will be looked at again: its certificate is still waited for. */
  | { readonly type: 'watchFailed'; readonly error: Error };

/** Default: what has failed is written to `console.warn`. What an observer throws is reported as uncaught. */
export type CertificateObserver = (event: CertificateEvent) => void;

export const warnOfFailures: CertificateObserver = (event) => {
  if (event.type === 'failed') console.warn(`no new certificate: ${event.error.message}`);
};
