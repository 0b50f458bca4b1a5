import path from 'node:path';
import type { Entry, Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from '../kubeconfig.js';
import { KubeconfigError } from '../kubeconfig-error.js';
import { missing } from '../override-kubeconfig.js';
import { quoted } from '../quoted.js';

/*
 * Changes of a kubeconfig in memory, by the rules of `kubectl config`. Each gives a new kubeconfig, and throws a
 * KubeconfigError when it cannot be done; `modifyKubeconfig` writes what has changed.
 *
 * An empty string or `undefined` as the value of a field removes it; a path is relative to the working directory.
 */

/** As `kubectl config use-context`. */
export function useContext(kubeconfig: Kubeconfig, name: string): Kubeconfig {
  if (!kubeconfig.contexts.has(name)) throw new KubeconfigError(missing('context', name, kubeconfig.contexts));
  return { ...kubeconfig, currentContext: name };
}

/** As `kubectl config unset current-context`. */
export function unsetCurrentContext(kubeconfig: Kubeconfig): Kubeconfig {
  const { currentContext: _, ...rest } = kubeconfig;
  return rest;
}

/** As `kubectl config rename-context`: a current context stays the current one. */
export function renameContext(kubeconfig: Kubeconfig, from: string, to: string): Kubeconfig {
  const { contexts, currentContext } = kubeconfig;
  if (to === '') throw new KubeconfigError('the new name of a context may not be empty');
  if (!contexts.has(from)) throw new KubeconfigError(missing('context', from, contexts));
  if (contexts.has(to)) throw new KubeconfigError(`context ${quoted(to)} exists already`);
  const renamed = [...contexts].map(([name, entry]) => [name === from ? to : name, entry] as const);
  const result = { ...kubeconfig, contexts: new Map(renamed) };
  return currentContext === from ? { ...result, currentContext: to } : result;
}

/** As `kubectl config delete-context`: a current context that is deleted stays the current one, and is missing then. */
export function deleteContext(kubeconfig: Kubeconfig, name: string): Kubeconfig {
  return { ...kubeconfig, contexts: without(kubeconfig.contexts, 'context', name) };
}

/** As `kubectl config delete-cluster`. */
export function deleteCluster(kubeconfig: Kubeconfig, name: string): Kubeconfig {
  return { ...kubeconfig, clusters: without(kubeconfig.clusters, 'cluster', name) };
}

/** As `kubectl config delete-user`. */
export function deleteUser(kubeconfig: Kubeconfig, name: string): Kubeconfig {
  return { ...kubeconfig, users: without(kubeconfig.users, 'user', name) };
}

/** As `kubectl config set-context`: other fields stay. */
export function setContext(kubeconfig: Kubeconfig, name: string, fields: KubeconfigContext): Kubeconfig {
  return { ...kubeconfig, contexts: withFields(kubeconfig.contexts, 'context', name, fields, []) };
}

/**
 * As `kubectl config set-cluster`: other fields stay, but for those that a new one contradicts. Another server takes
 * `tls-server-name` away, trust in anybody the authority, and an authority the trust in anybody.
 */
export function setCluster(kubeconfig: Kubeconfig, name: string, fields: KubeconfigCluster): Kubeconfig {
  const { 'certificate-authority': file, 'certificate-authority-data': data } = fields;
  const insecure = fields['insecure-skip-tls-verify'];
  if (insecure && (file || data)) {
    throw new KubeconfigError('certificate-authority and insecure-skip-tls-verify exclude each other');
  }
  if (file && data)
    throw new KubeconfigError('certificate-authority and certificate-authority-data exclude each other');
  const implied: KubeconfigCluster = {
    ...('server' in fields ? { 'tls-server-name': '' } : {}),
    ...(insecure ? { 'certificate-authority': '', 'certificate-authority-data': '' } : {}),
    ...(file ? { 'certificate-authority-data': '', 'insecure-skip-tls-verify': false } : {}),
    ...(data ? { 'certificate-authority': '', 'insecure-skip-tls-verify': false } : {}),
  };
  const all = { ...implied, ...fields };
  return { ...kubeconfig, clusters: withFields(kubeconfig.clusters, 'cluster', name, all, ['certificate-authority']) };
}

/**
 * As `kubectl config set-credentials`: other fields stay, but for those that a new one contradicts. A token takes name and
 * password away, and these the token; a certificate or key takes the place of one in the other form.
 */
export function setUser(kubeconfig: Kubeconfig, name: string, fields: KubeconfigUser): Kubeconfig {
  const basic = fields.username || fields.password;
  if (fields.token && basic) throw new KubeconfigError('a token, and username or password, exclude each other');
  const implied: Record<string, string> = {};
  if (fields.token) Object.assign(implied, { username: '', password: '' });
  if (basic) Object.assign(implied, { token: '' });
  for (const field of ['client-certificate', 'client-key'] as const) {
    if (fields[field] && fields[`${field}-data`]) {
      throw new KubeconfigError(`${field} and ${field}-data exclude each other`);
    }
    if (fields[field]) implied[`${field}-data`] = '';
    if (fields[`${field}-data`]) implied[field] = '';
  }
  const paths = ['client-certificate', 'client-key', 'tokenFile'] as const;
  return { ...kubeconfig, users: withFields(kubeconfig.users, 'user', name, { ...implied, ...fields }, paths) };
}

function without<T>(entries: ReadonlyMap<string, Entry<T>>, kind: string, name: string): Map<string, Entry<T>> {
  const result = new Map(entries);
  if (!result.delete(name)) throw new KubeconfigError(missing(kind, name, entries));
  return result;
}

function withFields<T extends object>(
  entries: ReadonlyMap<string, Entry<T>>,
  kind: string,
  name: string,
  fields: T,
  paths: readonly (keyof T)[],
): Map<string, Entry<T>> {
  if (name === '') throw new KubeconfigError(`the name of a ${kind} may not be empty`);
  const old = entries.get(name);
  const value = { ...old?.value } as Record<keyof T, unknown>;
  for (const [field, given] of Object.entries(fields) as [keyof T, unknown][]) {
    if (given === undefined || given === '' || given === false) delete value[field];
    else value[field] = paths.includes(field) ? path.resolve(given as string) : given;
  }
  return new Map(entries).set(name, { file: old?.file, value: value as T });
}
