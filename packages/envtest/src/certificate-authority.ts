import { type webcrypto, X509Certificate } from 'node:crypto';
import type * as x509Library from '@peculiar/x509';

/** A certificate and its private key, as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** What Kubernetes reads as the groups of a user. */
  readonly organizations?: readonly string[] | undefined;
  /** Names and IP addresses that a server goes by. With any, it is a server's certificate; otherwise a client's. */
  readonly addresses?: readonly string[] | undefined;
}

/** An authority that is known to nobody but those who are given its certificate. */
export interface CertificateAuthority {
  /** PEM. */
  readonly cert: string;
  /** PEM: whoever has it can issue certificates, too, such as kube-controller-manager. */
  readonly key: string;
  issue(request: CertificateRequest): Promise<KeyPair>;
}

const Algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Longer than any test runs, and short enough that a leaked key is soon worthless. */
const ValidityMs = 7 * 24 * 3600_000;

/** Makes a new authority. */
export async function newCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const x509 = await loadX509();
  const keys = await newKeys();
  const subject = new x509.Name([{ CN: [name] }]).toString();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: subject,
    ...validity(),
    keys,
    signingAlgorithm: Algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    cert: root.toString('pem'),
    key: await toPem(keys.privateKey),
    async issue({ commonName, organizations = [], addresses = [] }) {
      const own = await newKeys();
      const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
      const isServer = addresses.length > 0;
      const names = addresses.map((value) => ({
        type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
        value,
      }));
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: new x509.Name([...organizations.map((O) => ({ O: [O] })), { CN: [commonName] }]).toString(),
        issuer: subject,
        ...validity(),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: Algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([isServer ? serverAuth : clientAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          ...(isServer ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ],
      });
      const cert = certificate.toString('pem');
      return { cert: new X509Certificate(cert).toString(), key: await toPem(own.privateKey) };
    },
  };
}

/** The library needs a polyfill of its own kind to be there first; neither is loaded before a certificate is wanted. */
async function loadX509(): Promise<typeof x509Library> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(Algorithm, true, ['sign', 'verify']);
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}

/** A positive number: the first bit stays clear. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString('hex');
}

/** From a while ago: the clocks of two processes need not agree. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + ValidityMs) };
}
