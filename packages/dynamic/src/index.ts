export { DynamicClient, type NamespaceableResource } from './dynamic-client.js';
