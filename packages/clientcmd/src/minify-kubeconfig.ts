import type { Kubeconfig } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import { quoted } from './quoted.js';

/**
 * What one context needs, and nothing else: as `kubectl config view --minify`.
 *
 * @param contextName - default: the current context. It is the current one of the result.
 * @throws KubeconfigError when there is no such context, or no such cluster or user as it names.
 */
export function minifyKubeconfig(kubeconfig: Kubeconfig, contextName?: string): Kubeconfig {
  const name = contextName || kubeconfig.currentContext;
  if (!name) throw new KubeconfigError('there is no current context, and none was asked for');
  const context = kubeconfig.contexts.get(name);
  if (!context) throw new KubeconfigError(`context ${quoted(name)} does not exist`);
  const { cluster, user } = context.value;
  return {
    ...kubeconfig,
    currentContext: name,
    contexts: new Map([[name, context]]),
    clusters: only(kubeconfig.clusters, 'cluster', cluster, name),
    users: only(kubeconfig.users, 'user', user, name),
  };
}

function only<T>(
  entries: ReadonlyMap<string, T>,
  kind: string,
  name: string | undefined,
  context: string,
): Map<string, T> {
  if (!name) return new Map();
  const entry = entries.get(name);
  if (entry === undefined) {
    throw new KubeconfigError(`context ${quoted(context)}: ${kind}: ${kind} ${quoted(name)} does not exist`);
  }
  return new Map([[name, entry]]);
}
