import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canReadCertificateAndKey, loadOrGenerateKeyFile, writeCertificate, writeKey } from './key-file.js';
import { parsePrivateKey } from './private-key.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'client-ts-keys-'));
});
afterEach(() => rm(directory, { recursive: true }));

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

test('keys are for their owner only, and certificates for everybody', async () => {
  const key = path.join(directory, 'a/b/tls.key');
  const cert = path.join(directory, 'a/b/tls.crt');
  await writeKey(key, 'key');
  await writeCertificate(cert, 'cert');
  expect([await modeOf(key), await modeOf(cert)]).toEqual([0o600, 0o644]);
});

test('a key that others could read is hidden from them', async () => {
  const key = path.join(directory, 'tls.key');
  await writeFile(key, 'a longer one, of before', { mode: 0o644 });
  await writeKey(key, 'new');
  expect(await readFile(key, 'utf8')).toBe('new');
  expect(await modeOf(key)).toBe(0o600);
});

test('a key is made once, and then found', async () => {
  const file = path.join(directory, 'new/tls.key');
  const made = await loadOrGenerateKeyFile(file);
  expect(made.generated).toBe(true);
  expect(parsePrivateKey(made.key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(await loadOrGenerateKeyFile(file)).toEqual({ key: made.key, generated: false });
});

test('what is no key is neither used nor replaced, and does not show', async () => {
  const file = path.join(directory, 'tls.key');
  await writeFile(file, 'secret');
  const message = `${file}: the text holds no RSA or ECDSA private key in PEM`;
  await expect(loadOrGenerateKeyFile(file)).rejects.toThrow(new TypeError(message));
  expect(await readFile(file, 'utf8')).toBe('secret');
  await expect(loadOrGenerateKeyFile(directory)).rejects.toThrow(`cannot read a key from ${directory}`);
});

test('a certificate and its key are a pair', async () => {
  const [cert, key, none] = ['tls.crt', 'tls.key', 'none'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(cert, '');
  await writeFile(key, '');
  expect(await canReadCertificateAndKey(cert, key)).toBe(true);
  expect(await canReadCertificateAndKey(none, none)).toBe(false);
  await expect(canReadCertificateAndKey(cert, none)).rejects.toThrow(`${none} cannot be read`);
  await expect(canReadCertificateAndKey(none, key)).rejects.toThrow(`${none} cannot be read`);
});
