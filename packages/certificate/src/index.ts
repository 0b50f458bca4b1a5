export type { CertificateEvent, CertificateObserver } from './certificate-event.js';
export { CertificateManager, type CertificateManagerOptions } from './certificate-manager.js';
export type { AllNames, CertificateNames } from './certificate-names.js';
export { formatCertificates, parseCertificates } from './certificate-pem.js';
export {
  newCertificateRequest,
  parseCertificateRequest,
  type ParsedCertificateRequest,
} from './certificate-request.js';
export { CertificateRequestError, type CertificateRequestFailure } from './certificate-request-error.js';
export type { CertificateStore } from './certificate-store.js';
export { FileStore, type FileStoreOptions } from './file-store.js';
export {
  type AuthorityOptions,
  type CertificatePurpose,
  issueCertificate,
  type IssueOptions,
  newAuthority,
} from './issue-certificate.js';
export { canReadCertificateAndKey, loadOrGenerateKeyFile, writeCertificate, writeKey } from './key-file.js';
export { KeyPair } from './key-pair.js';
export { clientUsages, type KeyUsage, serverUsages } from './key-usages.js';
export { formatPrivateKey, generateKey, type KeyAlgorithm, parsePrivateKey, parsePublicKeys } from './private-key.js';
export {
  type CertificateRequestRef,
  requestCertificate,
  type RequestCertificateOptions,
} from './request-certificate.js';
export { type SelfSigned, selfSignedCertificate, type SelfSignedOptions } from './self-signed.js';
export { serverCertificates, type ServerCertificatesOptions } from './server-certificates.js';
export { waitForCertificate, type WaitForCertificateOptions } from './wait-for-certificate.js';
