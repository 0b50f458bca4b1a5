import type { Config } from '@client-ts/rest';
import { contextConfig, type ContextConfig } from './context-config.js';
import { type InClusterOptions, isInCluster, serviceAccountConfig } from './in-cluster-config.js';
import { KubeconfigError } from './kubeconfig.js';
import { type KubeconfigSource, loadKubeconfig } from './load-kubeconfig.js';
import { withTransport } from './with-transport.js';

export interface LoadOptions extends KubeconfigSource, InClusterOptions {
  /** Which context of the kubeconfig. Default: its current one. */
  readonly context?: string | undefined;
  /**
   * Fields that replace what was loaded, each whole. Another `host` takes `tls.serverName` away: it was the name of the old
   * one.
   */
  readonly overrides?: Partial<Config> | undefined;
}

/**
 * The config that kubectl would use: from the file given, from the files in `KUBECONFIG`, from `~/.kube/config`, or else from
 * the pod's service account. Its transport is Node's own, shared by all configs of the same TLS identity; it goes through the
 * proxy that the cluster has, or else through that of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
 *
 * Rejects with a {@link KubeconfigError} that names file, entry and field.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<ContextConfig> {
  const { overrides = {} } = options;
  const loaded = await load(options);
  const { serverName: _, ...tls } = loaded.tls ?? {};
  const kept = overrides.host === undefined ? {} : { tls };
  return withTransport({ ...loaded, ...kept, ...overrides }, options.env);
}

async function load(options: LoadOptions): Promise<ContextConfig> {
  const { context } = options;
  const kubeconfig = await loadKubeconfig(options);
  const nothingThere = kubeconfig.contexts.size === 0 && kubeconfig.clusters.size === 0;
  if (!nothingThere || options.kubeconfig || context !== undefined) return contextConfig(kubeconfig, context);
  if (await isInCluster(options)) return serviceAccountConfig(options);
  throw new KubeconfigError(
    `no configuration has been provided: none in ${kubeconfig.files.join(', ')}, and this is no pod in a cluster`,
  );
}
