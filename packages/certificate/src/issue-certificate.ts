import { createHash, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { type Clock, realClock } from '@client-ts/apimachinery';
import {
  alternativeNamesOf,
  type CertificateNames,
  completeNames,
  extensionOf,
  subjectOf,
} from './certificate-names.js';
import { publicKeyInfo } from './certificate-request.js';
import { KeyPair } from './key-pair.js';
import { formatPem } from './pem.js';
import { formatPrivateKey, generateKey, typeOf } from './private-key.js';
import { algorithmIdentifier, bytes, signatureOf } from './signature.js';
import { loadX509, type X509Library } from './x509-library.js';

const YearMs = 365 * 24 * 3600_000;

/** Certificates count from an hour ago: the clocks of two machines need not agree. */
const BackdateMs = 3600_000;

const Oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** What a certificate is for. */
const Purposes = { 'client auth': '1.3.6.1.5.5.7.3.2', 'server auth': '1.3.6.1.5.5.7.3.1' } as const;

export type CertificatePurpose = keyof typeof Purposes;

interface Lifetime {
  /** How long it counts, in milliseconds from now on. */
  readonly maxAgeMs?: number | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

export interface AuthorityOptions extends Lifetime {
  readonly commonName: string;
  readonly organizations?: readonly string[] | undefined;
  /** Default: a new one, ECDSA on P-256. */
  readonly key?: KeyObject | undefined;
}

/** Makes an authority that nobody vouches for but itself. It counts for ten years unless told otherwise, as client-go's. */
export async function newAuthority(options: AuthorityOptions): Promise<KeyPair> {
  const { key = await generateKey(), maxAgeMs = 10 * YearMs, clock, commonName, organizations } = options;
  const names = completeNames({ commonName, organizations }, 'options');
  const library = await loadX509();
  const { BasicConstraints, KeyUsage, KeyUsageFlags } = library;
  const { digitalSignature, keyEncipherment, keyCertSign } = KeyUsageFlags;
  const usage = new KeyUsage(digitalSignature | keyEncipherment | keyCertSign);
  const cert = certify(library, {
    subject: subjectOf(library, names),
    key,
    validity: validityOf(library, maxAgeMs, clock),
    issuer: { name: subjectOf(library, names), key },
    extensions: [
      extensionOf(library, Oid.basicConstraints, new BasicConstraints({ cA: true }), true),
      extensionOf(library, Oid.keyUsage, usage, true),
    ],
  });
  return new KeyPair({ cert, key: formatPrivateKey(key) });
}

export interface IssueOptions extends CertificateNames, Lifetime {
  /** What the certificate is for: a public key, such as that of a request, or the private one. */
  readonly key: KeyObject;
  readonly purposes: readonly CertificatePurpose[];
}

/**
 * Certifies a key: PEM text of the certificate. It counts for a year unless told otherwise.
 *
 * Rejects with a `TypeError` for names that cannot be certified.
 */
export async function issueCertificate(authority: KeyPair, options: IssueOptions): Promise<string> {
  const { key, purposes, maxAgeMs = YearMs, clock } = options;
  const names = completeNames(options, 'options');
  const library = await loadX509();
  const { BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsageFlags } = library;
  const { subject, extensions = [] } = library.AsnConvert.parse(
    bytes(authority.leaf.raw),
    library.Certificate,
  ).tbsCertificate;
  const issuerKeyId = extensions.find(({ extnID }) => extnID === Oid.subjectKeyIdentifier)?.extnValue.buffer;
  const alternativeNames = alternativeNamesOf(library, names);
  // RSA keys may be used to encrypt the keys of a session; others sign, whatever the session.
  const encipherment = typeOf(key) === 'rsa' ? KeyUsageFlags.keyEncipherment : 0;
  return certify(library, {
    subject: subjectOf(library, names),
    key,
    validity: validityOf(library, maxAgeMs, clock),
    issuer: { name: subject, key: createPrivateKey(authority.key), keyId: issuerKeyId },
    extensions: [
      extensionOf(library, Oid.basicConstraints, new BasicConstraints(), true),
      extensionOf(library, Oid.keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature | encipherment), true),
      extensionOf(library, Oid.extendedKeyUsage, new ExtendedKeyUsage(purposes.map((purpose) => Purposes[purpose]))),
      ...(alternativeNames ? [alternativeNames] : []),
    ],
  });
}

type Instance<K extends 'Name' | 'Extension' | 'Validity'> = InstanceType<X509Library[K]>;

interface Content {
  readonly subject: Instance<'Name'>;
  readonly key: KeyObject;
  readonly validity: Instance<'Validity'>;
  readonly extensions: readonly Instance<'Extension'>[];
  readonly issuer: {
    readonly name: Instance<'Name'>;
    readonly key: KeyObject;
    /** The extension of the issuer's certificate that says how its key is called; left out by one that signs itself. */
    readonly keyId?: ArrayBuffer | undefined;
  };
}

/** Writes and signs a certificate (RFC 5280, version 3): PEM text. */
function certify(library: X509Library, { subject, key, validity, extensions, issuer }: Content): string {
  const { AsnConvert, AuthorityKeyIdentifier, KeyIdentifier, SubjectKeyIdentifier } = library;
  const info = publicKeyInfo(library, key);
  const keyId = createHash('sha1').update(new Uint8Array(info.subjectPublicKey)).digest();
  const keyIds = [extensionOf(library, Oid.subjectKeyIdentifier, new SubjectKeyIdentifier(keyId))];
  if (issuer.keyId) {
    const keyIdentifier = new KeyIdentifier(AsnConvert.parse(issuer.keyId, SubjectKeyIdentifier).buffer);
    const content = new AuthorityKeyIdentifier({ keyIdentifier });
    keyIds.push(extensionOf(library, Oid.authorityKeyIdentifier, content));
  }
  const signatureAlgorithm = algorithmIdentifier(library, issuer.key);
  const tbsCertificate = new library.TBSCertificate({
    version: library.Version.v3,
    serialNumber: serialNumber(),
    signature: signatureAlgorithm,
    issuer: issuer.name,
    validity,
    subject,
    subjectPublicKeyInfo: info,
    extensions: new library.Extensions([...extensions, ...keyIds]),
  });
  const signatureValue = signatureOf(AsnConvert.serialize(tbsCertificate), issuer.key);
  const certificate = new library.Certificate({ tbsCertificate, signatureAlgorithm, signatureValue });
  return formatPem('CERTIFICATE', new Uint8Array(AsnConvert.serialize(certificate)));
}

function validityOf({ Validity }: X509Library, maxAgeMs: number, clock: Clock = realClock): Instance<'Validity'> {
  const now = clock.now();
  if (!(maxAgeMs > 0)) throw new RangeError(`maxAgeMs: expected more than 0 milliseconds, got ${maxAgeMs}`);
  return new Validity({ notBefore: new Date(now - BackdateMs), notAfter: new Date(now + maxAgeMs) });
}

/** A random positive number: the first bit stays clear, and the first byte is not 0. */
function serialNumber(): ArrayBuffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return bytes(serial);
}
