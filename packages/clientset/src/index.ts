export { Clientset } from './gen/clientset.js';
export type { NamespaceExpansion } from './expansions/core/v1/namespace.js';
export type { PodExpansion } from './expansions/core/v1/pod.js';
export type { ServiceAccountExpansion } from './expansions/core/v1/service-account.js';
export type { ScaleSubresource } from './expansions/scale.js';
