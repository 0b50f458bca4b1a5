import { type CertificateSigningRequest, certificateSigningRequests } from '@client-ts/api/certificates/v1';
import type { UpdateOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';

/** What certificate signing requests have beside the verbs. */
export interface CertificateSigningRequestExpansion {
  /** Replaces the conditions `Approved` and `Denied`, which `updateStatus` leaves alone; what an approver does. */
  updateApproval(
    request: CertificateSigningRequest,
    options?: Omit<UpdateOptions, 'subresource'>,
  ): Promise<CertificateSigningRequest>;
}

export function certificateSigningRequestExpansion(client: RestClient): CertificateSigningRequestExpansion {
  return {
    updateApproval: (request, options) =>
      client.resource(certificateSigningRequests).update(request, { ...options, subresource: 'approval' }),
  };
}
