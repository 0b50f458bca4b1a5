/**
 * - `denied`: an approver has said no.
 * - `failed`: the signer cannot or will not sign.
 * - `deleted`: the request is not there any more, or another one has taken its name.
 * - `incompatible`: a request of this name asks for something else.
 */
export type CertificateRequestFailure = 'denied' | 'failed' | 'deleted' | 'incompatible';

/** A request will not lead to a certificate. */
export class CertificateRequestError extends Error {
  override readonly name = 'CertificateRequestError';
  readonly failure: CertificateRequestFailure;

  constructor(failure: CertificateRequestFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
