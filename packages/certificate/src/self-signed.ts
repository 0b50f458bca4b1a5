import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { type Clock, realClock } from '@client-ts/apimachinery';
import { type CertificateNames, completeNames } from './certificate-names.js';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import { canReadCertificateAndKey, writeCertificate, writeKey } from './key-file.js';
import { formatPrivateKey, generateKey, type KeyAlgorithm } from './private-key.js';

export interface SelfSignedOptions {
  /** Name or address that the server goes by. */
  readonly host: string;
  readonly alternateIPs?: readonly string[] | undefined;
  readonly alternateDNS?: readonly string[] | undefined;
  /** How long it counts, in milliseconds. Default: a year. */
  readonly maxAgeMs?: number | undefined;
  /**
   * For tests: a directory to take the certificate from, or else to put it into, as `<host>_<ips>_<names>.crt` and `.key`, where
   * it counts for a hundred years.
   */
  readonly fixtureDirectory?: string | undefined;
  /** Default: `ecdsa-p256`. client-go's are `rsa-2048`, which take a hundred times as long to make. */
  readonly algorithm?: KeyAlgorithm | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/** All PEM text. */
export interface SelfSigned {
  /** The server's certificate, and after it that of the authority that vouches for it. */
  readonly cert: string;
  readonly key: string;
}

const YearMs = 365 * 24 * 3600_000;

/**
 * A certificate for a server, by an authority that is made for it and forgotten: who trusts `cert` trusts this server.
 *
 * Rejects with a `TypeError` when a name or an address is none.
 */
export async function selfSignedCertificate(options: SelfSignedOptions): Promise<SelfSigned> {
  const { host, alternateIPs = [], alternateDNS = [], fixtureDirectory } = options;
  const isAddress = isIP(host) !== 0;
  const names = {
    dnsNames: isAddress ? alternateDNS : [host, ...alternateDNS],
    ipAddresses: isAddress ? [host, ...alternateIPs] : alternateIPs,
  };
  completeNames(names, 'options');
  if (fixtureDirectory === undefined) return make(options, names);
  const base = path.join(fixtureDirectory, `${host}_${alternateIPs.join('-')}_${alternateDNS.join('-')}`);
  const files = { cert: `${base}.crt`, key: `${base}.key` };
  if (await canReadCertificateAndKey(files.cert, files.key))
    return { cert: await readFile(files.cert, 'utf8'), key: await readFile(files.key, 'utf8') };
  const made = await make({ ...options, maxAgeMs: 100 * YearMs }, names);
  await writeKey(files.key, made.key);
  await writeCertificate(files.cert, made.cert);
  return made;
}

async function make(options: SelfSignedOptions, names: CertificateNames): Promise<SelfSigned> {
  const { host, maxAgeMs = YearMs, clock = realClock, algorithm } = options;
  // A name of its own each time: verifiers look up authorities by their names.
  const at = Math.floor(clock.now() / 1000);
  const lifetime = { maxAgeMs, clock };
  const authority = await newAuthority({
    commonName: `${host}-ca@${at}`,
    key: await generateKey(algorithm),
    ...lifetime,
  });
  const key = await generateKey(algorithm);
  const commonName = `${host}@${at}`;
  const cert = await issueCertificate(authority, { ...names, ...lifetime, commonName, key, purposes: ['server auth'] });
  return { cert: cert + authority.cert, key: formatPrivateKey(key) };
}
