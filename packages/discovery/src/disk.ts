export { defaultCacheDirectory } from './disk/cache-directories.js';
export {
  type DiskCacheOptions,
  DiskCachedDiscoveryClient,
  type KubectlCacheOptions,
} from './disk/disk-cached-discovery-client.js';
export { httpCache, type HttpCacheOptions } from './disk/http-cache.js';
export { type KubectlHttpCacheOptions, withHttpCache } from './disk/with-http-cache.js';
