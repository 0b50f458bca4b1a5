import path from 'node:path';
import { printable } from '@client-ts/apimachinery';
import type { Entry, Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import { quoted } from './quoted.js';

/** What takes precedence over a kubeconfig, as the flags of kubectl do. An empty string is no override. */
export interface KubeconfigOverrides {
  /** Which context. Default: the current one. */
  readonly context?: string | undefined;
  /** The cluster to use instead of the context's. */
  readonly cluster?: string | undefined;
  /** The user to use instead of the context's. */
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  /** Fields of the cluster. Paths are relative to the working directory. */
  readonly clusterInfo?: KubeconfigCluster | undefined;
  /** Fields of the user. Paths are relative to the working directory. */
  readonly userInfo?: KubeconfigUser | undefined;
}

/**
 * The kubeconfig whose current context is what the overrides make of it. Works without any file: a server and a token are
 * enough.
 *
 * - Fields replace fields. A certificate replaces a certificate in either form; so does a key.
 * - `certificate-authority`, `-data` and `insecure-skip-tls-verify` are replaced together: they say the same thing.
 * - Another server takes `tls-server-name` away: it was the name of the old one.
 *
 * @throws KubeconfigError when a context, cluster or user that was asked for by its name does not exist.
 */
export function overrideKubeconfig(kubeconfig: Kubeconfig, overrides: KubeconfigOverrides): Kubeconfig {
  const { clusterInfo = {}, userInfo = {} } = overrides;
  const contextName = overrides.context || kubeconfig.currentContext || '';
  const context = asked(kubeconfig, kubeconfig.contexts, 'context', contextName, Boolean(overrides.context));
  const value: KubeconfigContext = { ...context?.value, ...given(pick(overrides, ['cluster', 'user', 'namespace'])) };
  const { cluster: clusterName = '', user: userName = '' } = value;
  const cluster = asked(kubeconfig, kubeconfig.clusters, 'cluster', clusterName, Boolean(overrides.cluster));
  const user = asked(kubeconfig, kubeconfig.users, 'user', userName, Boolean(overrides.user));
  return {
    ...kubeconfig,
    currentContext: contextName,
    contexts: withContext(kubeconfig.contexts, contextName, context, value),
    clusters: withEntry(kubeconfig.clusters, clusterName, cluster, clusterInfo, overrideCluster),
    users: withEntry(kubeconfig.users, userName, user, userInfo, overrideUser),
  };
}

function asked<T>(
  { files }: Kubeconfig,
  entries: ReadonlyMap<string, Entry<T>>,
  kind: string,
  name: string,
  required: boolean,
): Entry<T> | undefined {
  const entry = entries.get(name);
  if (entry || !required) return entry;
  throw new KubeconfigError(`${placeOf(files)}: ${missing(kind, name, entries)}`);
}

/** Several files as one place. */
export function placeOf(files: readonly string[]): string {
  return files.map(printable).join(', ') || 'kubeconfig';
}

export function missing(kind: string, name: string, entries: ReadonlyMap<string, unknown>): string {
  const known = [...entries.keys()].map(quoted).join(', ') || 'none';
  return `${kind} ${quoted(name)} does not exist; there are: ${known}`;
}

/** A current context that does not exist is not made up. */
function withContext(
  contexts: Kubeconfig['contexts'],
  name: string,
  context: Entry<KubeconfigContext> | undefined,
  value: KubeconfigContext,
): Kubeconfig['contexts'] {
  const result = new Map(contexts);
  if (context || name === '') result.set(name, { file: context?.file, value });
  return result;
}

function withEntry<T extends object>(
  entries: ReadonlyMap<string, Entry<T>>,
  name: string,
  entry: Entry<T> | undefined,
  info: T,
  override: (value: T, info: T) => T,
): Map<string, Entry<T>> {
  const result = new Map(entries);
  const fields = given(info);
  if (Object.keys(fields).length > 0) {
    result.set(name, { file: entry?.file, value: override(entry?.value ?? ({} as T), fields) });
  }
  return result;
}

function overrideCluster(cluster: KubeconfigCluster, info: KubeconfigCluster): KubeconfigCluster {
  const { server, 'insecure-skip-tls-verify': insecure } = info;
  const authority = insecure || info['certificate-authority'] || info['certificate-authority-data'];
  return {
    ...without(cluster, [
      ...(server ? (['tls-server-name'] as const) : []),
      ...(authority
        ? (['insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data'] as const)
        : []),
    ]),
    ...absolute(info, ['certificate-authority']),
  };
}

function overrideUser(user: KubeconfigUser, info: KubeconfigUser): KubeconfigUser {
  const replaced = (['client-certificate', 'client-key'] as const).flatMap((field) =>
    info[field] || info[`${field}-data`] ? [field, `${field}-data` as const] : [],
  );
  const extra = { ...user['as-user-extra'], ...info['as-user-extra'] };
  return {
    ...without(user, replaced),
    ...absolute(info, ['client-certificate', 'client-key', 'tokenFile']),
    ...(Object.keys(extra).length > 0 ? { 'as-user-extra': extra } : {}),
  };
}

/** The fields that say something. */
function given<T extends object>(value: T): T {
  const says = (field: unknown): boolean => field !== undefined && field !== '' && field !== false;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => says(field))) as T;
}

function pick(
  overrides: KubeconfigOverrides,
  fields: readonly ('cluster' | 'user' | 'namespace')[],
): KubeconfigContext {
  return Object.fromEntries(fields.map((field) => [field, overrides[field]]));
}

function without<T extends object>(value: T, fields: readonly (keyof T)[]): T {
  const result = { ...value };
  for (const field of fields) delete result[field];
  return result;
}

function absolute<T extends object>(value: T, fields: readonly (keyof T & string)[]): T {
  const paths = fields.flatMap((field) => (value[field] ? [[field, path.resolve(String(value[field]))]] : []));
  return { ...value, ...(Object.fromEntries(paths) as T) };
}
