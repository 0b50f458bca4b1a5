export { contextConfig, type ContextConfig } from './context-config.js';
export { inClusterConfig, type InClusterOptions, isInCluster, NotInClusterError } from './in-cluster-config.js';
export {
  type Entry,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigContext,
  KubeconfigError,
  type KubeconfigUser,
} from './kubeconfig.js';
export { loadConfig, type LoadOptions } from './load-config.js';
export { type KubeconfigSource, loadKubeconfig } from './load-kubeconfig.js';
export { parseKubeconfig } from './parse-kubeconfig.js';
export { stringifyKubeconfig } from './stringify-kubeconfig.js';
