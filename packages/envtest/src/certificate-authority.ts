import { isIP } from 'node:net';
import { formatPrivateKey, generateKey, issueCertificate, newAuthority } from '@client-ts/certificate';

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

/** Longer than any test runs, and short enough that a leaked key is soon worthless. */
const MaxAgeMs = 7 * 24 * 3600_000;

/** Makes a new authority. */
export async function newCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const authority = await newAuthority({ commonName: name, maxAgeMs: MaxAgeMs });
  return {
    cert: authority.cert,
    key: authority.key,
    async issue({ commonName, organizations, addresses = [] }) {
      const key = await generateKey();
      const cert = await issueCertificate(authority, {
        key,
        commonName,
        organizations,
        dnsNames: addresses.filter((address) => isIP(address) === 0),
        ipAddresses: addresses.filter((address) => isIP(address) !== 0),
        purposes: [addresses.length > 0 ? 'server auth' : 'client auth'],
        maxAgeMs: MaxAgeMs,
      });
      return { cert, key: formatPrivateKey(key) };
    },
  };
}
