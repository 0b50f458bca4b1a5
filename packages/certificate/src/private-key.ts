import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { type PemBlock, pemBlocks } from './pem.js';

/** A kind of key, and its strength. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ecdsa-p384' | 'ecdsa-p521' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

const generate = /* @__PURE__ */ promisify(generateKeyPair);

const Generators: Readonly<Record<KeyAlgorithm, () => Promise<{ readonly privateKey: KeyObject }>>> = {
  'ecdsa-p256': () => generate('ec', { namedCurve: 'P-256' }),
  'ecdsa-p384': () => generate('ec', { namedCurve: 'P-384' }),
  'ecdsa-p521': () => generate('ec', { namedCurve: 'P-521' }),
  'rsa-2048': () => generate('rsa', { modulusLength: 2048 }),
  'rsa-3072': () => generate('rsa', { modulusLength: 3072 }),
  'rsa-4096': () => generate('rsa', { modulusLength: 4096 }),
};

/** Makes a private key. Default: ECDSA on P-256, as client-go: as strong as RSA with 3072 bits, and made in no time. */
export async function generateKey(algorithm: KeyAlgorithm = 'ecdsa-p256'): Promise<KeyObject> {
  const { privateKey } = await Generators[algorithm]();
  return privateKey;
}

/**
 * PEM text of a private key, as OpenSSL and Go write it: `EC PRIVATE KEY` (RFC 5915) or `RSA PRIVATE KEY` (RFC 8017).
 *
 * @throws TypeError for a key of another kind.
 */
export function formatPrivateKey(key: KeyObject): string {
  const type = typeOf(key);
  return key.export({ format: 'pem', type: type === 'ec' ? 'sec1' : 'pkcs1' }).toString();
}

type Reader = (block: PemBlock) => KeyObject;

const PrivateKeys: ReadonlyMap<string, Reader> = /* @__PURE__ */ new Map<string, Reader>([
  ['EC PRIVATE KEY', ({ der: key }) => createPrivateKey({ key, format: 'der', type: 'sec1' })],
  ['RSA PRIVATE KEY', ({ der: key }) => createPrivateKey({ key, format: 'der', type: 'pkcs1' })],
  ['PRIVATE KEY', ({ der: key }) => createPrivateKey({ key, format: 'der', type: 'pkcs8' })],
]);

const PublicKeys: ReadonlyMap<string, Reader> = /* @__PURE__ */ new Map<string, Reader>([
  ['PUBLIC KEY', ({ der: key }) => createPublicKey({ key, format: 'der', type: 'spki' })],
  ['CERTIFICATE', ({ der }) => new X509Certificate(der).publicKey],
]);

/**
 * The first RSA or ECDSA key in a text: `EC PRIVATE KEY`, `RSA PRIVATE KEY` or `PRIVATE KEY` (PKCS #8, not encrypted). Other
 * blocks, such as `EC PARAMETERS`, are passed over.
 *
 * @throws TypeError when there is none; the message holds nothing of the text.
 */
export function parsePrivateKey(pem: string): KeyObject {
  for (const block of pemBlocks(pem)) {
    const key = read(PrivateKeys, block);
    if (key) return key;
  }
  throw new TypeError('the text holds no RSA or ECDSA private key in PEM');
}

/**
 * All RSA and ECDSA public keys in a text: those that stand there, and those of private keys and certificates.
 *
 * @throws TypeError when there is none.
 */
export function parsePublicKeys(pem: string): KeyObject[] {
  const keys = pemBlocks(pem).flatMap((block) => {
    const privateKey = read(PrivateKeys, block);
    return privateKey ? createPublicKey(privateKey) : (read(PublicKeys, block) ?? []);
  });
  if (keys.length === 0) throw new TypeError('the text holds no RSA or ECDSA public key in PEM');
  return keys;
}

function read(readers: ReadonlyMap<string, Reader>, block: PemBlock): KeyObject | undefined {
  try {
    const key = readers.get(block.type)?.(block);
    return key && isKnown(key) ? key : undefined;
  } catch {
    // OpenSSL does not say more than that it cannot be read.
    return undefined;
  }
}

/**
 * @throws TypeError for a key that is too weak to be certified: RSA below 2048 bits, curves below 256, and other kinds of keys,
 *   as in client-go.
 */
export function checkKeyStrength(key: KeyObject): void {
  if (key.type !== 'private') throw new TypeError(`expected a private key, got a ${key.type} one`);
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (typeOf(key) === 'rsa') {
    if (modulusLength < 2048)
      throw new TypeError(`an RSA key of ${modulusLength} bits is too weak: 2048 are the least`);
  } else if (!['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)) {
    throw new TypeError(`an ECDSA key on ${namedCurve} cannot be used: expected P-256, P-384 or P-521`);
  }
}

function isKnown({ asymmetricKeyType }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' || asymmetricKeyType === 'ec';
}

/** @throws TypeError for a key that is neither. */
export function typeOf(key: KeyObject): 'rsa' | 'ec' {
  if (!isKnown(key)) throw new TypeError(`expected an RSA or ECDSA key, got ${key.asymmetricKeyType ?? key.type}`);
  return key.asymmetricKeyType as 'rsa' | 'ec';
}
