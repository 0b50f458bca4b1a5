export { Clientset } from './gen/clientset.js';
export type { CertificateSigningRequestExpansion } from './expansions/certificates/v1/certificate-signing-request.js';
export type { EventExpansion, InvolvedObject } from './expansions/core/v1/event.js';
export type { NamespaceExpansion } from './expansions/core/v1/namespace.js';
export type { PodExpansion, PodLogOptions } from './expansions/core/v1/pod.js';
export type { ServiceAccountExpansion } from './expansions/core/v1/service-account.js';
export type { ProxyRequest, ProxySubresource } from './expansions/proxy.js';
export type { ScaleSubresource } from './expansions/scale.js';
