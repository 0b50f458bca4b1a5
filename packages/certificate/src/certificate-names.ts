import { isIP } from 'node:net';
import type { X509Library } from './x509-library.js';

/** Whom a certificate is for. */
export interface CertificateNames {
  /** What kube-apiserver takes for the name of a user. */
  readonly commonName?: string | undefined;
  /** What kube-apiserver takes for the groups of a user. */
  readonly organizations?: readonly string[] | undefined;
  /** Names that a server goes by; `*.` at the beginning stands for any label. */
  readonly dnsNames?: readonly string[] | undefined;
  /** Addresses that a server goes by, IPv4 or IPv6. */
  readonly ipAddresses?: readonly string[] | undefined;
}

/** The same, with all that may be left out. Addresses are in the one form that compares. */
export interface AllNames {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

type Name = InstanceType<X509Library['Name']>;
type Extension = InstanceType<X509Library['Extension']>;

const CommonName = '2.5.4.3';
const Organization = '2.5.4.10';
const AlternativeName = '2.5.29.17';

/**
 * @param where - what the names are, for messages.
 * @throws TypeError for an address that is none, or a DNS name that cannot be one.
 */
export function completeNames(names: CertificateNames, where: string): AllNames {
  const { commonName = '', organizations = [], dnsNames = [], ipAddresses = [] } = names;
  for (const [index, name] of dnsNames.entries()) {
    if (/^(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?$/.test(name)) continue;
    throw new TypeError(`${where}.dnsNames[${index}]: expected a DNS name, got ${JSON.stringify(name)}`);
  }
  return {
    commonName,
    organizations,
    dnsNames,
    ipAddresses: ipAddresses.map((address, index) => {
      const form = canonicalAddress(address);
      if (form !== undefined) return form;
      throw new TypeError(`${where}.ipAddresses[${index}]: expected an IP address, got ${JSON.stringify(address)}`);
    }),
  };
}

/**
 * An address in the one form that compares: IPv4 also where it is written as IPv6, as Go has it, and IPv6 in hexadecimal groups
 * only, which is all that the library reads.
 */
function canonicalAddress(address: string): string | undefined {
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : undefined;
  if (address.includes('%')) return undefined;
  const form = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:(\w+):(\w+)$/
    .exec(form)
    ?.slice(1)
    .map((group) => parseInt(group, 16));
  return mapped?.flatMap((group) => [group >> 8, group & 0xff]).join('.') ?? form;
}

/** The distinguished name that holds common name and organizations. */
export function subjectOf(library: X509Library, { commonName, organizations }: AllNames): Name {
  const attributes: [type: string, value: string][] = organizations.map((value) => [Organization, value]);
  if (commonName !== '') attributes.push([CommonName, commonName]);
  return new library.Name(
    attributes.map(([type, utf8String]) => {
      const value = new library.AttributeValue({ utf8String });
      return new library.RelativeDistinguishedName([new library.AttributeTypeAndValue({ type, value })]);
    }),
  );
}

/** The extension that holds DNS names and addresses; `undefined` when there are none. */
export function alternativeNamesOf(library: X509Library, { dnsNames, ipAddresses }: AllNames): Extension | undefined {
  if (dnsNames.length + ipAddresses.length === 0) return undefined;
  const names = new library.SubjectAlternativeName([
    ...dnsNames.map((dNSName) => new library.GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new library.GeneralName({ iPAddress })),
  ]);
  return extensionOf(library, AlternativeName, names);
}

/** An extension by its number and its content. */
export function extensionOf(library: X509Library, extnID: string, content: unknown, critical = false): Extension {
  const extnValue = new library.OctetString(library.AsnConvert.serialize(content));
  return new library.Extension({ extnID, critical, extnValue });
}

/** What a distinguished name and extensions say. Names of other kinds are left out. */
export function namesIn(library: X509Library, subject: Name, extensions: readonly Extension[]): AllNames {
  const attributes = subject.flatMap((set) => [...set]);
  const valuesOf = (type: string): string[] =>
    attributes.filter((attribute) => attribute.type === type).map(({ value }) => value.toString());
  const alternatives = extensions
    .filter(({ extnID }) => extnID === AlternativeName)
    .flatMap(({ extnValue }) => [...library.AsnConvert.parse(extnValue.buffer, library.SubjectAlternativeName)]);
  return {
    commonName: valuesOf(CommonName).at(-1) ?? '',
    organizations: valuesOf(Organization),
    dnsNames: alternatives.flatMap(({ dNSName }) => dNSName ?? []),
    ipAddresses: alternatives.flatMap(({ iPAddress }) => canonicalAddress(iPAddress ?? '') ?? []),
  };
}

/** What was asked for and is not there, for messages; additional organizations, DNS names and addresses are no fault. */
export function missingNames(has: AllNames, wants: AllNames): string[] {
  const missing = has.commonName === wants.commonName ? [] : [`common name ${JSON.stringify(wants.commonName)}`];
  const lists = { organizations: 'organization', dnsNames: 'DNS name', ipAddresses: 'IP address' } as const;
  for (const [field, what] of Object.entries(lists) as [keyof typeof lists, string][]) {
    for (const name of wants[field]) if (!has[field].includes(name)) missing.push(`${what} ${JSON.stringify(name)}`);
  }
  return missing;
}
