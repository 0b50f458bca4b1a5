export type { ApiGroup, ApiResource, ApiResources, ApiSubresource } from './api-resource.js';
export { DiscoveryClient, type ServerVersion } from './discovery-client.js';
export { GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';
