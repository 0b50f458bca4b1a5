import { expect, test } from 'vitest';
import { type CertificateNames, completeNames, missingNames } from './certificate-names.js';

// TestCertSatisfiesTemplate; without a certificate or a template there is nothing to compare.
test.each<[string, CertificateNames, CertificateNames, string[]]>([
  [
    'Mismatched common name',
    { commonName: 'system:node:not-fake' },
    { commonName: 'system:node:fake' },
    ['common name "system:node:fake"'],
  ],
  [
    'Missing orgs in certificate',
    { organizations: ['system:nodes'] },
    { organizations: ['system:nodes', 'foobar'] },
    ['organization "foobar"'],
  ],
  ['Extra orgs in certificate', { organizations: ['system:nodes', 'foobar'] }, { organizations: ['system:nodes'] }, []],
  ['Missing DNS names in certificate', { dnsNames: ['one'] }, { dnsNames: ['two', 'one'] }, ['DNS name "two"']],
  ['Extra DNS names in certificate', { dnsNames: ['one', 'two'] }, { dnsNames: ['two'] }, []],
  [
    'Missing IP addresses in certificate',
    { ipAddresses: ['192.168.1.1'] },
    { ipAddresses: ['192.168.1.2', '192.168.1.1'] },
    ['IP address "192.168.1.2"'],
  ],
  ['Extra IP addresses in certificate', { ipAddresses: ['192.168.1.1', '::1'] }, { ipAddresses: ['::1'] }, []],
  [
    'Matching certificate',
    { commonName: 'a', organizations: ['b'], dnsNames: ['c'], ipAddresses: ['0:0::1'] },
    { commonName: 'a', organizations: ['b'], dnsNames: ['c'], ipAddresses: ['::1'] },
    [],
  ],
])('%s', (_, has, wants, missing) => {
  expect(missingNames(completeNames(has, ''), completeNames(wants, ''))).toEqual(missing);
});
