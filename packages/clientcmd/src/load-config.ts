import type { Config } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { contextConfig, type ContextConfig } from './client-config.js';
import { inClusterConfig, isInCluster } from './in-cluster-config.js';
import { KubeconfigError } from './kubeconfig.js';
import { kubeconfigFiles, type KubeconfigSource, loadKubeconfig } from './load-kubeconfig.js';

export interface LoadOptions extends KubeconfigSource {
  /** Which context of the kubeconfig. Default: its current one. */
  readonly context?: string | undefined;
  /** Fields that replace what was loaded. */
  readonly overrides?: Partial<Config> | undefined;
}

/**
 * The config that kubectl would use: from the file given, from the files in `KUBECONFIG`, from `~/.kube/config`, or else from
 * the pod's service account. Its transport is Node's own, shared by all configs of the same TLS identity.
 *
 * Rejects with a {@link KubeconfigError} that names file, entry and field.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<ContextConfig> {
  const kubeconfig = await loadKubeconfig(options);
  const isEmpty = kubeconfig.contexts.size === 0 && kubeconfig.clusters.size === 0;
  if (isEmpty && !options.kubeconfig && options.context === undefined) {
    if (await isInCluster({ env: options.env }))
      return withTransport({ ...(await inClusterConfig({ env: options.env })), ...options.overrides });
    const { files } = kubeconfigFiles(options);
    throw new KubeconfigError(
      `no configuration has been provided: none in ${files.join(', ')}, and this is no pod in a cluster`,
    );
  }
  return withTransport({ ...(await contextConfig(kubeconfig, options.context)), ...options.overrides });
}

function withTransport(config: ContextConfig): ContextConfig {
  return { ...config, transport: config.transport ?? newTransport({ tls: config.tls, proxyUrl: config.proxyUrl }) };
}
