import { EntryPlace } from './entry-place.js';
import type { Entry, Kubeconfig } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';

/**
 * A kubeconfig that holds the certificates and keys which it points to, so that it can be taken elsewhere: as `kubectl config
 * view --flatten`. Token files stay files: their content changes.
 *
 * Rejects with a {@link KubeconfigError} that tells of every file which cannot be read.
 */
export async function flattenKubeconfig(kubeconfig: Kubeconfig): Promise<Kubeconfig> {
  const problems: string[] = [];
  const result = {
    ...kubeconfig,
    clusters: await flattenAll(kubeconfig.clusters, 'cluster', ['certificate-authority'], problems),
    users: await flattenAll(kubeconfig.users, 'user', ['client-certificate', 'client-key'], problems),
  };
  if (problems.length > 0) throw new KubeconfigError(problems);
  return result;
}

async function flattenAll<T extends object>(
  entries: ReadonlyMap<string, Entry<T>>,
  kind: string,
  fields: readonly string[],
  problems: string[],
): Promise<Map<string, Entry<T>>> {
  const result = new Map<string, Entry<T>>();
  for (const [name, entry] of entries) {
    const place = new EntryPlace(entry, kind, name, problems);
    const value = { ...entry.value } as Record<string, unknown>;
    for (const field of fields) {
      const file = value[field];
      if (typeof file !== 'string' || file === '') continue;
      if (value[`${field}-data`]) place.report(`${field} and ${field}-data exclude each other`);
      const content = await place.read(field, file);
      value[`${field}-data`] = content?.toString('base64');
      delete value[field];
    }
    result.set(name, { ...entry, value: value as T });
  }
  return result;
}
