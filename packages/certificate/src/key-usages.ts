import type { CertificateSigningRequestSpec } from '@client-ts/api/certificates/v1';
import type { KeyObject } from 'node:crypto';

/** What a certificate may be used for. */
export type KeyUsage = NonNullable<CertificateSigningRequestSpec['usages']>[number];

/** What a client's certificate has to be good for, by the kind of its key; as client-go asks for kubelet. */
export function clientUsages(key: KeyObject): KeyUsage[] {
  return [...keyUsages(key), 'client auth'];
}

/** What a server's certificate has to be good for, by the kind of its key. */
export function serverUsages(key: KeyObject): KeyUsage[] {
  return [...keyUsages(key), 'server auth'];
}

/** Only RSA keys encrypt other keys; signers such as that of kubelet's certificates refuse the usage for others. */
function keyUsages({ asymmetricKeyType }: KeyObject): KeyUsage[] {
  return asymmetricKeyType === 'rsa' ? ['digital signature', 'key encipherment'] : ['digital signature'];
}
