export { contextConfig } from './context-config.js';
export {
  deleteCluster,
  deleteContext,
  deleteUser,
  renameContext,
  setCluster,
  setContext,
  setUser,
  unsetCurrentContext,
  useContext,
} from './edit/kubeconfig-changes.js';
export { setProperty, unsetProperty } from './edit/kubeconfig-property.js';
export { LockedError, type LockOptions } from './edit/lock-file.js';
export { modifyKubeconfig } from './edit/modify-kubeconfig.js';
export type { ExecOptions } from './exec-options.js';
export { flattenKubeconfig } from './flatten-kubeconfig.js';
export { inClusterConfig, type InClusterOptions, isInCluster, NotInClusterError } from './in-cluster-config.js';
export type {
  Entry,
  Kubeconfig,
  KubeconfigAuthProvider,
  KubeconfigCluster,
  KubeconfigContext,
  KubeconfigPreferences,
  KubeconfigUser,
  NamedExtension,
} from './kubeconfig.js';
export { isKubeconfigError, KubeconfigError } from './kubeconfig-error.js';
export type { KubeconfigSource } from './kubeconfig-files.js';
export { formatKubeconfig, kubeconfigObject } from './kubeconfig-object.js';
export { kubeconfigTokenStore } from './kubeconfig-token-store.js';
export { loadConfig, type LoadOptions } from './load-config.js';
export { loadKubeconfig } from './load-kubeconfig.js';
export { minifyKubeconfig } from './minify-kubeconfig.js';
export { isNoConfigError, NoConfigError, type RejectedSource } from './no-config-error.js';
export { type KubeconfigOverrides, overrideKubeconfig } from './override-kubeconfig.js';
export { parseKubeconfig } from './parse-kubeconfig.js';
export { redactKubeconfig } from './redact-kubeconfig.js';
export type { ContextConfig } from './resolve-context.js';
export { stringifyKubeconfig } from './stringify-kubeconfig.js';
export { validateKubeconfig } from './validate-kubeconfig.js';
