export { MetadataClient, type NamespaceableMetadataResource } from './metadata-client.js';
export type { MetadataResource } from './metadata-resource.js';
