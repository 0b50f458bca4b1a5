import { isDNS1123Label } from '@client-ts/apimachinery/validation';
import { EntryPlace } from './entry-place.js';
import type { Entry, Kubeconfig, KubeconfigContext } from './kubeconfig.js';
import { missing, placeOf } from './override-kubeconfig.js';
import { resolveCluster } from './resolve-cluster.js';
import { resolveUser } from './resolve-user.js';

/**
 * All that is wrong with a kubeconfig, also with what no context uses: each with its file, entry and field. Reads the files
 * that it points to. Empty when nothing is wrong.
 *
 * Stricter than what it takes to use a context, as `clientcmd.Validate` of client-go: a context has to name a user and, if
 * any, a possible namespace.
 */
export async function validateKubeconfig(kubeconfig: Kubeconfig): Promise<string[]> {
  const { currentContext, contexts, users, clusters, files } = kubeconfig;
  const problems: string[] = [];
  if (currentContext === undefined && contexts.size + users.size + clusters.size === 0) {
    return [`${placeOf(files)}: the kubeconfig is empty`];
  }
  if (currentContext !== undefined && !contexts.has(currentContext)) {
    problems.push(`${placeOf(files)}: current-context: ${missing('context', currentContext, contexts)}`);
  }
  for (const [name, entry] of contexts) {
    checkContext(kubeconfig, new EntryPlace<KubeconfigContext>(entry, 'context', name, problems), name);
  }
  for (const [name, entry] of users) await resolveUser(new EntryPlace(entry, 'user', name, problems));
  for (const [name, entry] of clusters) await resolveCluster(new EntryPlace(entry, 'cluster', name, problems));
  return problems;
}

function checkContext(kubeconfig: Kubeconfig, context: EntryPlace<KubeconfigContext>, name: string): void {
  const { user, cluster, namespace } = context.value;
  if (name === '') context.report('name: a context needs a name');
  checkName(context, 'user', user, kubeconfig.users);
  checkName(context, 'cluster', cluster, kubeconfig.clusters);
  const [problem] = namespace ? isDNS1123Label(namespace) : [];
  if (problem !== undefined) context.report(`namespace: ${problem}`);
}

function checkName(
  context: EntryPlace<KubeconfigContext>,
  kind: string,
  name: string | undefined,
  entries: ReadonlyMap<string, Entry<object>>,
): void {
  if (!name) context.report(`${kind}: the context names no ${kind}`);
  else if (!entries.has(name)) context.report(`${kind}: ${missing(kind, name, entries)}`);
}
