export type { ApiGroup, ApiResource, ApiResources, ApiSubresource } from './api-resource.js';
export { apiResources, type ApiResourcesOptions } from './api-resources.js';
export { apiVersions } from './api-versions.js';
export { DiscoveryClient, type DiscoveryClientOptions } from './discovery-client.js';
export type { CachedDiscoveryInterface, DiscoveryInterface, PreferredResourcesOptions } from './discovery-interface.js';
export { GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';
export type { ServerVersion } from './server-version.js';
export { supportsAllVerbs } from './supports-all-verbs.js';
