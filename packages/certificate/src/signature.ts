import { type KeyObject, sign, verify } from 'node:crypto';
import { typeOf } from './private-key.js';
import type { X509Library } from './x509-library.js';

interface Algorithm {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly oid: string;
  /** RFC 4055 wants a NULL for RSA, RFC 5758 nothing for ECDSA. */
  readonly parameters?: null;
}

/** As strong as the key: what Go's crypto/x509 takes for ECDSA, and client-go for RSA. */
const Algorithms: Readonly<Record<'ec' | 'rsa', readonly [leastBits: number, algorithm: Algorithm][]>> = {
  ec: [
    [521, { hash: 'sha512', oid: '1.2.840.10045.4.3.4' }],
    [384, { hash: 'sha384', oid: '1.2.840.10045.4.3.3' }],
    [0, { hash: 'sha256', oid: '1.2.840.10045.4.3.2' }],
  ],
  rsa: [
    [4096, { hash: 'sha512', oid: '1.2.840.113549.1.1.13', parameters: null }],
    [3072, { hash: 'sha384', oid: '1.2.840.113549.1.1.12', parameters: null }],
    [0, { hash: 'sha256', oid: '1.2.840.113549.1.1.11', parameters: null }],
  ],
};

const CurveBits: Readonly<Record<string, number>> = { secp521r1: 521, secp384r1: 384 };

function algorithmFor(key: KeyObject): Algorithm {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const bits = modulusLength ?? CurveBits[namedCurve] ?? 0;
  const found = Algorithms[typeOf(key)].find(([least]) => bits >= least);
  if (!found) throw new RangeError(`a key of ${bits} bits cannot sign`);
  return found[1];
}

/** How a key signs, as X.509 names it. */
export function algorithmIdentifier(
  { AlgorithmIdentifier }: X509Library,
  key: KeyObject,
): InstanceType<X509Library['AlgorithmIdentifier']> {
  const { oid, parameters } = algorithmFor(key);
  return new AlgorithmIdentifier(parameters === undefined ? { algorithm: oid } : { algorithm: oid, parameters });
}

/** The signature of `data`. */
export function signatureOf(data: ArrayBuffer, key: KeyObject): ArrayBuffer {
  return bytes(sign(algorithmFor(key).hash, new Uint8Array(data), key));
}

/** Whether this is a signature of `data` that was made with the private half of `key`; false for an algorithm that is not known. */
export function isSignature(data: ArrayBuffer, signature: ArrayBuffer, oid: string, key: KeyObject): boolean {
  const known = Algorithms[typeOf(key)].find(([, algorithm]) => algorithm.oid === oid);
  return known !== undefined && verify(known[1].hash, new Uint8Array(data), key, new Uint8Array(signature));
}

/** A copy of its own: small buffers are parts of a larger one. */
export function bytes(buffer: Uint8Array): ArrayBuffer {
  return Uint8Array.from(buffer).buffer;
}
