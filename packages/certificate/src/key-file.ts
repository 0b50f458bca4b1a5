import { constants } from 'node:fs';
import { access, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatPrivateKey, generateKey, parsePrivateKey } from './private-key.js';

/** Writes the PEM text of a private key for its owner's eyes only (0600), also over a file that others could read. */
export async function writeKey(file: string, pem: string): Promise<void> {
  await makeDirectoryOf(file);
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(pem);
  } finally {
    await handle.close();
  }
}

/** Writes the PEM text of certificates, for everybody to read (0644). */
export async function writeCertificate(file: string, pem: string): Promise<void> {
  await makeDirectoryOf(file);
  await writeFile(file, pem, { mode: 0o644 });
}

async function makeDirectoryOf(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
}

/**
 * The private key in a file, or a new one (ECDSA, P-256), which is written there when there is no such file.
 *
 * Rejects when there is a file and it cannot be read, or holds no key: what somebody has put there is not overwritten.
 */
export async function loadOrGenerateKeyFile(
  file: string,
): Promise<{ readonly key: string; readonly generated: boolean }> {
  let key: string;
  try {
    key = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`cannot read a key from ${file}`, { cause });
    key = formatPrivateKey(await generateKey());
    await writeKey(file, key);
    return { key, generated: true };
  }
  try {
    parsePrivateKey(key);
  } catch (cause) {
    throw new TypeError(`${file}: ${(cause as Error).message}`, { cause });
  }
  return { key, generated: false };
}

/**
 * Whether there are a certificate and its key. False when both files cannot be read.
 *
 * Rejects when only one can: they are a pair.
 */
export async function canReadCertificateAndKey(certFile: string, keyFile: string): Promise<boolean> {
  const [cert, key] = await Promise.all([certFile, keyFile].map(isReadable));
  if (cert === key) return cert ?? false;
  const missing = cert ? keyFile : certFile;
  throw new Error(`${missing} cannot be read: a certificate and its key are needed as a pair`);
}

async function isReadable(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
