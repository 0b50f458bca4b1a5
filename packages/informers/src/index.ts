export { CacheSyncTimeoutError } from './cache-sync-timeout-error.js';
export { compact } from './compact.js';
export type { InformerForm } from './informer-form.js';
export { metadata } from './metadata.js';
export {
  type CacheSyncOptions,
  type InformerOptions,
  type NewQueue,
  type ProjectingOptions,
  SharedInformerFactory,
  type SharedInformerFactoryOptions,
} from './shared-informer-factory.js';
