import { type CertificateSigningRequest, certificateSigningRequests } from '@client-ts/api/certificates/v1';
import type { ListerWatcher } from '@client-ts/apimachinery';
import { escapeFieldValue } from '@client-ts/apimachinery/fields';
import { type Config, restClientFor } from '@client-ts/rest';
import { untilWithSync, type UntilWithSyncOptions } from '@client-ts/watch';
import { CertificateRequestError } from './certificate-request-error.js';
import { type CertificateRequestRef, textOf } from './request-certificate.js';

export type WaitForCertificateOptions = Pick<
  UntilWithSyncOptions<CertificateSigningRequest, never>,
  'signal' | 'timeoutMs' | 'clock' | 'onError'
>;

/**
 * Waits until a request has been approved and signed, whatever happens to the connection meanwhile: PEM text of the certificate.
 *
 * Rejects with a {@link CertificateRequestError} when it was denied, has failed, or is gone; with `signal.reason`, or with an
 * `UntilTimeoutError`. Failures of list and watch are told to `onError`, and waited out.
 */
export async function waitForCertificate(
  config: Config,
  ref: CertificateRequestRef,
  options: WaitForCertificateOptions = {},
): Promise<string> {
  const client = restClientFor(config).resource(certificateSigningRequests);
  const fieldSelector = `metadata.name=${escapeFieldValue(ref.name)}`;
  const source: ListerWatcher<CertificateSigningRequest> = {
    list: (request) => client.list({ ...request, fieldSelector }),
    watch: (request) => client.watch({ ...request, fieldSelector }),
    origin: client.origin,
  };
  const quoted = JSON.stringify(ref.name);
  const event = await untilWithSync(
    source,
    ({ type, object }) => {
      if (type === 'DELETED' || object.metadata?.uid !== ref.uid) {
        const what = type === 'DELETED' ? 'was deleted' : 'was replaced by another one';
        throw new CertificateRequestError('deleted', `the certificate signing request ${quoted} ${what}`);
      }
      return isIssued(object, quoted);
    },
    options,
  );
  return textOf(event?.object.status?.certificate ?? '');
}

/** Conditions of this API count when they are there, whatever their status. */
function isIssued({ status }: CertificateSigningRequest, quoted: string): boolean {
  const conditions = status?.conditions ?? [];
  for (const { type, reason, message } of conditions) {
    const failure = type === 'Denied' ? 'denied' : type === 'Failed' ? 'failed' : undefined;
    if (failure === undefined) continue;
    const said = [reason, message]
      .filter(Boolean)
      .map((text) => JSON.stringify(text))
      .join(': ');
    const what = failure === 'denied' ? 'was denied' : 'has failed';
    throw new CertificateRequestError(
      failure,
      `the certificate signing request ${quoted} ${what}${said && `: ${said}`}`,
    );
  }
  return Boolean(status?.certificate) && conditions.some(({ type }) => type === 'Approved');
}
