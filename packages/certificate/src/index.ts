export type { CertificateNames } from './certificate-names.js';
export { formatCertificates, parseCertificates } from './certificate-pem.js';
export {
  newCertificateRequest,
  parseCertificateRequest,
  type ParsedCertificateRequest,
} from './certificate-request.js';
export { canReadCertificateAndKey, loadOrGenerateKeyFile, writeCertificate, writeKey } from './key-file.js';
export { formatPrivateKey, generateKey, type KeyAlgorithm, parsePrivateKey, parsePublicKeys } from './private-key.js';
export {
  type AuthorityOptions,
  type CertificatePurpose,
  issueCertificate,
  type IssueOptions,
  newAuthority,
} from './issue-certificate.js';
export { KeyPair } from './key-pair.js';
export { type SelfSigned, selfSignedCertificate, type SelfSignedOptions } from './self-signed.js';
export type { CertificateStore } from './certificate-store.js';
export { CertificateRequestError, type CertificateRequestFailure } from './certificate-request-error.js';
export { FileStore, type FileStoreOptions } from './file-store.js';
export { clientUsages, type KeyUsage, serverUsages } from './key-usages.js';
export {
  type CertificateRequestRef,
  requestCertificate,
  type RequestCertificateOptions,
} from './request-certificate.js';
export { waitForCertificate, type WaitForCertificateOptions } from './wait-for-certificate.js';
export type { CertificateEvent, CertificateObserver } from './certificate-event.js';
export { CertificateManager, type CertificateManagerOptions } from './certificate-manager.js';
export { serverCertificates, type ServerCertificatesOptions } from './server-certificates.js';
