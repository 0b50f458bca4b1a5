import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CertificateAuthority, newCertificateAuthority } from './certificate-authority.js';

/** Three authorities that know nothing of each other: for servers, for users, for the tokens of service accounts. */
export async function writeSecrets(
  directory: string,
): Promise<{ clientAuthority: CertificateAuthority; servingAuthority: CertificateAuthority }> {
  const servingAuthority = await newCertificateAuthority('envtest-serving');
  const clientAuthority = await newCertificateAuthority('envtest-clients');
  const serving = await servingAuthority.issue({ commonName: 'kube-apiserver', addresses: ['127.0.0.1', 'localhost'] });
  const serviceAccount = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const files = {
    'apiserver.crt': serving.cert,
    'apiserver.key': serving.key,
    'serving-ca.crt': servingAuthority.cert,
    'client-ca.crt': clientAuthority.cert,
    'client-ca.key': clientAuthority.key,
    'service-account.key': serviceAccount.privateKey,
    'service-account.pub': serviceAccount.publicKey,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text, { mode: 0o600 });
  return { clientAuthority, servingAuthority };
}
