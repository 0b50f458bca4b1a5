import { credentialsFor } from './credentials-for.js';
import type { ExecOptions } from './exec-options.js';
import type { Kubeconfig } from './kubeconfig.js';
import { type ContextConfig, resolveContext } from './resolve-context.js';

/**
 * The config of one context: its cluster, its user and its namespace. Files that entries point to are read; there is no
 * transport in it yet. Certificates that are renewed, or that an exec plugin gives, need the transport of `loadConfig`.
 *
 * Rejects with a {@link KubeconfigError} that tells all that is wrong.
 *
 * @param contextName - default: the current context.
 */
export async function contextConfig(
  kubeconfig: Kubeconfig,
  contextName?: string,
  options: ExecOptions = {},
): Promise<ContextConfig> {
  const resolved = await resolveContext(kubeconfig, contextName);
  const { bearerToken } = credentialsFor(resolved, options) ?? {};
  return { ...resolved.config, ...(bearerToken ? { bearerToken } : {}) };
}
