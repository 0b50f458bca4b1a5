export { type Binaries, binariesCache, BinariesNotFoundError, type BinariesOptions, findBinaries } from './binaries.js';
export {
  type CertificateAuthority,
  type CertificateRequest,
  type KeyPair,
  newCertificateAuthority,
} from './certificate-authority.js';
export {
  Environment,
  type EnvironmentOptions,
  type KubeletOptions,
  type ServerName,
  type User,
} from './environment.js';
export { missingKubelet } from './missing-kubelet.js';
export { ServerExitedError } from './server-process.js';
