import { createPublicKey, X509Certificate } from 'node:crypto';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { parseCertificates } from './certificate-pem.js';
import { parseCertificateRequest, newCertificateRequest } from './certificate-request.js';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import { generateKey } from './private-key.js';

const clock = new FakeClock(Date.UTC(2020, 0, 1));

test('an authority signs itself, and may sign others, for ten years', async () => {
  const { leaf } = await newAuthority({ commonName: 'kubernetes', organizations: ['o'], clock });
  expect(leaf).toMatchObject({ subject: 'O=o\nCN=kubernetes', issuer: 'O=o\nCN=kubernetes', ca: true });
  expect(leaf.verify(leaf.publicKey)).toBe(true);
  expect([leaf.validFrom, leaf.validTo]).toEqual(['Dec 31 23:00:00 2019 GMT', 'Dec 29 00:00:00 2029 GMT']);
});

test('a request is certified with what it says', async () => {
  const authority = await newAuthority({ commonName: 'ca', key: await generateKey('rsa-2048') });
  const key = await generateKey('rsa-2048');
  const pem = await newCertificateRequest(key, {
    commonName: 'bob',
    organizations: ['dev'],
    dnsNames: ['bob.example'],
  });
  const { names, publicKey } = await parseCertificateRequest(pem);
  const cert = await issueCertificate(authority, {
    ...names,
    key: publicKey,
    purposes: ['client auth'],
    maxAgeMs: 60_000,
    clock,
  });
  const certificate = new X509Certificate(cert);
  expect(certificate).toMatchObject({ subject: 'O=dev\nCN=bob', subjectAltName: 'DNS:bob.example', ca: false });
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(certificate.validTo).toBe('Jan  1 00:01:00 2020 GMT');
  expect(certificate.publicKey.equals(createPublicKey(key))).toBe(true);
  expect(certificate.checkIssued(authority.leaf)).toBe(true);
  expect(certificate.verify(authority.leaf.publicKey)).toBe(true);
});

test('a lifetime that is none is refused', async () => {
  await expect(newAuthority({ commonName: 'ca', maxAgeMs: 0 })).rejects.toThrow('maxAgeMs: expected more than 0');
});

test.each([
  ['nothing', '', 'the text holds no certificate in PEM'],
  ['no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'certificate 1 cannot be read'],
])('%s is not read as certificates', (_, pem, message) => {
  expect(() => parseCertificates(pem)).toThrow(message);
});
