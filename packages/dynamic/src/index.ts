export { DynamicClient, type DynamicResource, type NamespaceableResource } from './dynamic-client.js';
