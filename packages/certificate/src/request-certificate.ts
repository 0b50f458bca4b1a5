import { createPublicKey, type KeyObject } from 'node:crypto';
import { type CertificateSigningRequest, certificateSigningRequests } from '@client-ts/api/certificates/v1';
import { type Clock, realClock } from '@client-ts/apimachinery';
import { isAlreadyExists } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';
import { parseCertificates } from './certificate-pem.js';
import { CertificateRequestError } from './certificate-request-error.js';
import { parseCertificateRequest } from './certificate-request.js';
import type { KeyUsage } from './key-usages.js';

export interface RequestCertificateOptions {
  /** What is asked for, PEM text: see `newCertificateRequest`. */
  readonly request: string;
  /** Who is to sign, such as `kubernetes.io/kube-apiserver-client`. */
  readonly signerName: string;
  readonly usages: readonly KeyUsage[];
  /**
   * Name of the CertificateSigningRequest. With one that was there already, its request is taken up, if it was signed with `key`.
   * Default: a new one, `csr-…`.
   */
  readonly name?: string | undefined;
  /** The private key of the request; needed with a `name` only. */
  readonly key?: KeyObject | undefined;
  /** How long the certificate should count, in milliseconds from 600,000 on. Signers may do otherwise. Default: up to the signer. */
  readonly requestedDurationMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/** A CertificateSigningRequest on a server. */
export interface CertificateRequestRef {
  readonly name: string;
  readonly uid: string;
}

/**
 * Creates a CertificateSigningRequest (`certificates.k8s.io/v1`).
 *
 * Rejects as a creation does; with a {@link CertificateRequestError} (`incompatible`) when there is one of that name which asks for
 * something else, was signed with another key, or whose certificate has expired.
 */
export async function requestCertificate(
  config: Config,
  options: RequestCertificateOptions,
): Promise<CertificateRequestRef> {
  const { request, signerName, usages, name, requestedDurationMs, signal } = options;
  const client = restClientFor(config).resource(certificateSigningRequests);
  const wanted: CertificateSigningRequest = {
    metadata: name === undefined ? { generateName: 'csr-' } : { name },
    spec: {
      request: Buffer.from(request).toString('base64'),
      signerName,
      usages: [...usages],
      ...(requestedDurationMs === undefined ? {} : { expirationSeconds: secondsOf(requestedDurationMs) }),
    },
  };
  try {
    return refOf(await client.create(wanted, { signal }));
  } catch (error) {
    if (name === undefined || !isAlreadyExists(error)) throw error;
  }
  const found = await client.get(name, { signal });
  const problem = await incompatibility(found, wanted, options);
  if (problem !== undefined) {
    const message = `the certificate signing request ${JSON.stringify(name)} that is there cannot be taken up: ${problem}`;
    throw new CertificateRequestError('incompatible', message);
  }
  return refOf(found);
}

/** What the API allows; a server would refuse less, again and again. */
const MinDurationMs = 600_000;

/** @throws RangeError */
export function secondsOf(durationMs: number): number {
  if (durationMs >= MinDurationMs && durationMs < 2 ** 31 * 1000) return Math.floor(durationMs / 1000);
  throw new RangeError(`requestedDurationMs: expected milliseconds from ${MinDurationMs} on, got ${durationMs}`);
}

function refOf({ metadata }: CertificateSigningRequest): CertificateRequestRef {
  return { name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}

/** Why a request that was found cannot stand for the one that was wanted, as client-go sees it. */
async function incompatibility(
  found: CertificateSigningRequest,
  wanted: CertificateSigningRequest,
  { key, request, clock = realClock }: RequestCertificateOptions,
): Promise<string | undefined> {
  const [theirs, ours] = await Promise.all([
    parseCertificateRequest(textOf(found.spec.request)),
    parseCertificateRequest(request),
  ]);
  if (!theirs.subjectDer.equals(ours.subjectDer)) return 'it asks for another subject';
  const signers = [found.spec.signerName, wanted.spec.signerName];
  if (signers.every(Boolean) && signers[0] !== signers[1]) return `its signer is ${JSON.stringify(signers[0])}`;
  if (!key || !theirs.isSignedBy(createPublicKey(key))) return 'it was not signed with this key';
  const { certificate = '' } = found.status ?? {};
  if (certificate === '') return undefined;
  const expired = parseCertificates(textOf(certificate)).some(({ validTo }) => Date.parse(validTo) < clock.now());
  return expired ? 'its certificate has expired' : undefined;
}

/** What is in a field of bytes. */
export function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
