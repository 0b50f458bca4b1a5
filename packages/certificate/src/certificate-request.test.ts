import { createPublicKey, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeNames } from './certificate-names.js';
import { newCertificateRequest, parseCertificateRequest } from './certificate-request.js';
import { formatPem } from './pem.js';
import { generateKey, type KeyAlgorithm } from './private-key.js';
import { algorithmIdentifier } from './signature.js';
import { loadX509 } from './x509-library.js';

const key = await generateKey();

// TestMakeCSR
test.each<KeyAlgorithm>(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048'])(
  'a request with a key of %s says what was asked for, and is signed',
  async (algorithm) => {
    const own = await generateKey(algorithm);
    const names = {
      commonName: 'kittens',
      organizations: ['system:nodes', 'ünïcode'],
      dnsNames: ['bar.com', '*.foo.com'],
      ipAddresses: ['8.8.8.8', '2001:db8::1'],
    };
    const request = await parseCertificateRequest(await newCertificateRequest(own, names));
    expect(request.names).toEqual(names);
    expect(request.publicKey.equals(createPublicKey(own))).toBe(true);
    expect(request.isSignedBy(request.publicKey)).toBe(true);
    expect(request.isSignedBy(createPublicKey(key))).toBe(false);
  },
);

test.each([
  [2048, '1.2.840.113549.1.1.11'],
  [3071, '1.2.840.113549.1.1.11'],
  [3072, '1.2.840.113549.1.1.12'],
  [4096, '1.2.840.113549.1.1.13'],
])('an RSA key of %i bits signs with a hash that is as strong', async (modulusLength, algorithm) => {
  const details = { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength } } as KeyObject;
  expect(algorithmIdentifier(await loadX509(), details)).toMatchObject({ algorithm, parameters: null });
});

test('names may be left out', async () => {
  const request = await parseCertificateRequest(await newCertificateRequest(key, {}));
  expect(request.names).toEqual({ commonName: '', organizations: [], dnsNames: [], ipAddresses: [] });
});

test('addresses come back in one form, however they were written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 5 }), async (ipAddresses) => {
      const { names } = await parseCertificateRequest(await newCertificateRequest(key, { ipAddresses }));
      expect(names).toEqual(completeNames({ ipAddresses }, ''));
    }),
    { numRuns: 50 },
  );
  const forms = ['::ffff:1.2.3.4', '::1.2.3.4', '2001:DB8:0::1', '0:0:0:0:0:0:0:1'];
  expect(completeNames({ ipAddresses: forms }, '').ipAddresses).toEqual(['1.2.3.4', '::102:304', '2001:db8::1', '::1']);
});

test.each([
  [{ dnsNames: ['ok', ''] }, 'names.dnsNames[1]: expected a DNS name, got ""'],
  [{ dnsNames: ['a b'] }, 'names.dnsNames[0]: expected a DNS name, got "a b"'],
  [{ dnsNames: ['../a'] }, 'names.dnsNames[0]: expected a DNS name, got "../a"'],
  [{ dnsNames: ['ü'] }, 'names.dnsNames[0]: expected a DNS name, got "ü"'],
  [{ ipAddresses: ['1.2.3'] }, 'names.ipAddresses[0]: expected an IP address, got "1.2.3"'],
  [{ ipAddresses: ['fe80::1%eth0'] }, 'names.ipAddresses[0]: expected an IP address, got "fe80::1%eth0"'],
])('%j cannot be asked for', async (names, message) => {
  await expect(newCertificateRequest(key, names)).rejects.toThrow(new TypeError(message));
});

test.each([
  ['nothing', '', 'expected a block CERTIFICATE REQUEST in PEM'],
  ['another block', formatPem('CERTIFICATE', Buffer.from('x')), 'expected a block CERTIFICATE REQUEST in PEM'],
  [
    'garbage',
    formatPem('CERTIFICATE REQUEST', Buffer.from('3003020101', 'hex')),
    'the certificate request cannot be read',
  ],
  [
    'a nest',
    formatPem('CERTIFICATE REQUEST', Buffer.alloc(100_000, '3080', 'hex')),
    'the certificate request cannot be read',
  ],
])('%s is no request', async (_, pem, message) => {
  const parsing = parseCertificateRequest(pem);
  await expect(parsing).rejects.toThrow(TypeError);
  await expect(parsing).rejects.toThrow(message);
});
