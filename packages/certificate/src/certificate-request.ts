import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  type AllNames,
  alternativeNamesOf,
  type CertificateNames,
  completeNames,
  namesIn,
  subjectOf,
} from './certificate-names.js';
import { formatPem, pemBlocks } from './pem.js';
import { algorithmIdentifier, bytes, isSignature, signatureOf } from './signature.js';
import { loadX509, type X509Library } from './x509-library.js';

const RequestType = 'CERTIFICATE REQUEST';
const ExtensionRequest = '1.2.840.113549.1.9.14';

/**
 * Asks for a certificate (PKCS #10, RFC 2986): PEM text, signed with the key that it is for.
 *
 * Rejects with a `TypeError` for names that cannot be asked for, and for a key that is neither RSA nor ECDSA.
 */
export async function newCertificateRequest(key: KeyObject, names: CertificateNames): Promise<string> {
  const all = completeNames(names, 'names');
  const library = await loadX509();
  const { AsnConvert } = library;
  const alternativeNames = alternativeNamesOf(library, all);
  const extensions = alternativeNames && AsnConvert.serialize(new library.Extensions([alternativeNames]));
  const certificationRequestInfo = new library.CertificationRequestInfo({
    subject: subjectOf(library, all),
    subjectPKInfo: publicKeyInfo(library, key),
    attributes: new library.Attributes(
      extensions ? [new library.Attribute({ type: ExtensionRequest, values: [extensions] })] : [],
    ),
  });
  const request = new library.CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: algorithmIdentifier(library, key),
    signature: signatureOf(AsnConvert.serialize(certificationRequestInfo), key),
  });
  return formatPem(RequestType, new Uint8Array(AsnConvert.serialize(request)));
}

/** The public half of a key, as X.509 holds it. */
export function publicKeyInfo(
  { AsnConvert, SubjectPublicKeyInfo }: X509Library,
  key: KeyObject,
): InstanceType<X509Library['SubjectPublicKeyInfo']> {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return AsnConvert.parse(bytes(publicKey.export({ format: 'der', type: 'spki' })), SubjectPublicKeyInfo);
}

/** A request for a certificate, as a signer or an approver sees it. */
export interface ParsedCertificateRequest {
  readonly names: AllNames;
  /** The whole distinguished name, as the request has it. */
  readonly subjectDer: Buffer;
  /** What the certificate is to be for. */
  readonly publicKey: KeyObject;
  /** Whether the request was signed with the private half of `key`. */
  isSignedBy(key: KeyObject): boolean;
}

/**
 * Reads a request for a certificate. That it is signed with its own key is for the caller to look at.
 *
 * Rejects with a `TypeError` when the text is none.
 */
export async function parseCertificateRequest(pem: string): Promise<ParsedCertificateRequest> {
  const [block] = pemBlocks(pem);
  if (block?.type !== RequestType) throw new TypeError(`expected a block ${RequestType} in PEM`);
  const library = await loadX509();
  const { AsnConvert } = library;
  try {
    const request = AsnConvert.parse(bytes(block.der), library.CertificationRequest);
    const { subject, subjectPKInfo, attributes } = request.certificationRequestInfo;
    // Written without any by some.
    const extensions = ((attributes as typeof attributes | undefined) ?? [])
      .filter(({ type }) => type === ExtensionRequest)
      .flatMap(({ values }) => values.flatMap((value) => [...AsnConvert.parse(value, library.Extensions)]));
    const signed = request.certificationRequestInfoRaw ?? new ArrayBuffer(0);
    const spki = Buffer.from(AsnConvert.serialize(subjectPKInfo));
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return {
      names: namesIn(library, subject, extensions),
      subjectDer: Buffer.from(AsnConvert.serialize(subject)),
      publicKey,
      isSignedBy: (key) => isSignature(signed, request.signature, request.signatureAlgorithm.algorithm, key),
    };
  } catch (cause) {
    throw new TypeError(`the certificate request cannot be read: ${(cause as Error).message}`, { cause });
  }
}
