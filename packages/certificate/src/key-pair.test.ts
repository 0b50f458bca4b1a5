import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import { KeyPair } from './key-pair.js';
import { formatPem } from './pem.js';
import { formatPrivateKey, generateKey, parsePrivateKey } from './private-key.js';

const authority = await newAuthority({ commonName: 'ca' });
const key = await generateKey();
const cert = await issueCertificate(authority, { key, commonName: 'bob', purposes: ['client auth'] });
const rsa = formatPrivateKey(await generateKey('rsa-2048'));
const pem = { cert, key: formatPrivateKey(key) };

test('one text may hold both, in any order, and what stands between them is left out', () => {
  for (const text of [`${pem.cert}# comment\n${pem.key}`, pem.key + pem.cert]) {
    const pair = new KeyPair({ cert: text, key: text });
    expect({ cert: pair.cert, key: pair.key }).toEqual(pem);
  }
});

test('only the key that was looked at is kept, in one form', () => {
  const pkcs8 = parsePrivateKey(pem.key).export({ format: 'pem', type: 'pkcs8' }).toString();
  const locked = formatPem('ENCRYPTED PRIVATE KEY', Buffer.from('x'));
  expect(new KeyPair({ cert, key: locked + pkcs8 + rsa }).key).toBe(pem.key);
});

test('those that vouch for it come after it', () => {
  expect(new KeyPair({ ...pem, cert: cert + authority.cert }).cert).toBe(cert + authority.cert);
});

test('the key does not show', () => {
  const secret = pem.key.split('\n')[1] ?? '';
  const pair = new KeyPair(pem);
  for (const text of [inspect(pair, { depth: 9, showHidden: true }), JSON.stringify(pair)])
    expect(text).not.toContain(secret);
});

test.each([
  ['another key', { ...pem, key: authority.key }, 'the private key is not that of the certificate'],
  ['a key of another kind', { ...pem, key: rsa }, 'the private key is not that of the certificate'],
  ['no key', { ...pem, key: 'secret' }, 'the text holds no RSA or ECDSA private key in PEM'],
  ['no certificate', { ...pem, cert: 'secret' }, 'the text holds no certificate in PEM'],
])('%s is refused, without a word of it', (_, parts, message) => {
  expect(() => new KeyPair(parts)).toThrow(new TypeError(message));
});
