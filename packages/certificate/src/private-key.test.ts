import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import { formatPem } from './pem.js';
import {
  checkKeyStrength,
  formatPrivateKey,
  generateKey,
  type KeyAlgorithm,
  parsePrivateKey,
  parsePublicKeys,
} from './private-key.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const parameters = formatPem('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'));

const pkcs8 = (key: typeof ec): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const spki = (key: typeof ec): string => createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();

// TestReadPrivateKey
test.each([
  ['EC PRIVATE KEY', formatPrivateKey(ec), ec],
  ['EC PRIVATE KEY after EC PARAMETERS', parameters + formatPrivateKey(ec), ec],
  ['RSA PRIVATE KEY', formatPrivateKey(rsa), rsa],
  ['PRIVATE KEY, ECDSA', pkcs8(ec), ec],
  ['PRIVATE KEY, RSA', pkcs8(rsa), rsa],
  ['the first of two', formatPrivateKey(ec) + formatPrivateKey(rsa), ec],
  [
    'one that can be read after one that cannot',
    formatPem('PRIVATE KEY', Buffer.from('x')) + formatPrivateKey(rsa),
    rsa,
  ],
])('%s is a private key', (_, pem, key) => {
  expect(parsePrivateKey(pem).equals(key)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['no PEM', 'secret'],
  [
    'a key that is encrypted',
    ec.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
  ],
  ['a public key', spki(ec)],
  ['a key of another kind', pkcs8(ed)],
  ['garbage', formatPem('RSA PRIVATE KEY', Buffer.from('secret'))],
])('%s is no private key, and the message holds nothing of it', (_, pem) => {
  expect(() => parsePrivateKey(pem)).toThrow(new TypeError('the text holds no RSA or ECDSA private key in PEM'));
});

// TestReadPublicKeys
test('public keys are read from public and private keys and certificates', async () => {
  const authority = await newAuthority({ commonName: 'ca' });
  const certificate = await issueCertificate(authority, { key: rsa, commonName: 'x', purposes: [] });
  const keys = parsePublicKeys(parameters + spki(ec) + formatPrivateKey(rsa) + certificate + spki(ed));
  expect(keys.map((key) => key.asymmetricKeyType)).toEqual(['ec', 'rsa', 'rsa']);
  for (const key of keys) expect(key.equals(createPublicKey(key.asymmetricKeyType === 'ec' ? ec : rsa))).toBe(true);
  expect(() => parsePublicKeys(parameters + spki(ed))).toThrow('no RSA or ECDSA public key');
});

test.each<[KeyAlgorithm | undefined, object]>([
  [undefined, { namedCurve: 'prime256v1' }],
  ['ecdsa-p384', { namedCurve: 'secp384r1' }],
  ['ecdsa-p521', { namedCurve: 'secp521r1' }],
  ['rsa-2048', { modulusLength: 2048 }],
])('%s is made, and is strong enough', async (algorithm, details) => {
  const key = await generateKey(algorithm);
  expect(key.asymmetricKeyDetails).toMatchObject(details);
  expect(parsePrivateKey(formatPrivateKey(key)).equals(key)).toBe(true);
  checkKeyStrength(key);
});

// TestValidateKeyStrength
test.each([
  ['RSA 1024', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'an RSA key of 1024 bits is too weak'],
  ['ECDSA P-224', generateKeyPairSync('ec', { namedCurve: 'P-224' }).privateKey, 'an ECDSA key on secp224r1'],
  ['Ed25519', ed, 'expected an RSA or ECDSA key, got ed25519'],
  ['a public key', createPublicKey(ec), 'expected a private key, got a public one'],
])('%s is refused', (_, key, message) => {
  expect(() => checkKeyStrength(key)).toThrow(message);
});
