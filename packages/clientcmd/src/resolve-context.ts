import type { ExecCluster, ExecConfig } from '@client-ts/auth';
import type { Config, TlsConfig } from '@client-ts/rest';
import { EntryPlace } from './entry-place.js';
import type { Entry, Kubeconfig, KubeconfigCluster } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import type { OidcUser } from './oidc-user.js';
import { missing, placeOf } from './override-kubeconfig.js';
import { resolveCluster, type ResolvedCluster } from './resolve-cluster.js';
import { resolveUser, type ResolvedUser } from './resolve-user.js';

/** A config, and the namespace that calls without one are meant for. */
export type ContextConfig = Config & { readonly namespace: string };

/** A context with all that it needs, as far as a config cannot hold it. */
export interface ResolvedContext {
  readonly config: ContextConfig;
  /** Where parts of `config.tls` come from. */
  readonly files: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly disableCompression: boolean;
  /** Whether the context itself names a namespace. */
  readonly explicitNamespace: boolean;
  readonly user: EntryPlace<object> | undefined;
  readonly exec: { readonly config: ExecConfig; readonly cluster: ExecCluster } | undefined;
  readonly oidc: OidcUser | undefined;
}

/** Rejects with a {@link KubeconfigError} that tells all that is wrong with context, cluster and user. */
export async function resolveContext(kubeconfig: Kubeconfig, contextName?: string): Promise<ResolvedContext> {
  const where = placeOf(kubeconfig.files);
  const name = contextName ?? kubeconfig.currentContext;
  if (name === undefined) {
    throw new KubeconfigError(`${where}: no context is chosen: there is no current-context, and none was asked for`);
  }
  const entry = kubeconfig.contexts.get(name);
  if (!entry) {
    const asked = contextName === undefined ? 'current-context: ' : '';
    throw new KubeconfigError(`${where}: ${asked}${missing('context', name, kubeconfig.contexts)}`);
  }
  const problems: string[] = [];
  const context = new EntryPlace(entry, 'context', name, problems);
  const { cluster: clusterName = '', user: userName = '', namespace } = context.value;
  if (!clusterName && !kubeconfig.clusters.has('')) context.report('cluster: the context names no cluster');
  const cluster = namedBy(context, 'cluster', clusterName, kubeconfig.clusters, problems);
  // A context without a user is an anonymous one.
  const user = namedBy(context, 'user', userName, kubeconfig.users, problems);
  const server = cluster && (await resolveCluster(cluster));
  const identity = user && (await resolveUser(user, server?.secure));
  if (!cluster || !server || problems.length > 0) throw new KubeconfigError(problems);
  const { exec, oidc } = server.secure && identity ? identity : {};
  return {
    config: { namespace: namespace || 'default', ...configOf(server, identity) },
    files: server.secure ? filesOf(server, identity) : {},
    disableCompression: cluster.value['disable-compression'] ?? false,
    explicitNamespace: Boolean(namespace),
    user,
    exec: exec && { config: exec, cluster: execClusterOf(cluster.value, server) },
    oidc,
  };
}

function namedBy<T extends object>(
  context: EntryPlace<object>,
  kind: string,
  name: string,
  entries: ReadonlyMap<string, Entry<T>>,
  problems: string[],
): EntryPlace<T> | undefined {
  const entry = entries.get(name);
  if (entry) return new EntryPlace(entry, kind, name, problems);
  if (name) context.report(`${kind}: ${missing(kind, name, entries)}`);
  return undefined;
}

/** As client-go, secrets are for TLS alone: a token sent in the clear would be everybody's. */
function configOf(server: ResolvedCluster, user: ResolvedUser | undefined): Config {
  const { host, secure, proxyUrl } = server;
  const tls: TlsConfig = secure ? { ...server.tls, ...user?.certificate } : {};
  return {
    host,
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(user?.impersonate ? { impersonate: user.impersonate } : {}),
    ...(secure && user?.bearerToken ? { bearerToken: user.bearerToken } : {}),
    ...(secure ? user?.basic : {}),
  };
}

function filesOf({ caFile }: ResolvedCluster, user: ResolvedUser | undefined): ResolvedContext['files'] {
  return { ...(caFile === undefined ? {} : { ca: caFile }), ...user?.certificateFiles };
}

/** The extension of a cluster that is meant for exec plugins. */
const ExecExtension = 'client.authentication.k8s.io/exec';

function execClusterOf(cluster: KubeconfigCluster, { host, tls, proxyUrl }: ResolvedCluster): ExecCluster {
  return {
    server: host,
    'tls-server-name': tls.serverName,
    'insecure-skip-tls-verify': tls.insecure,
    'certificate-authority-data': tls.ca === undefined ? undefined : Buffer.from(tls.ca).toString('base64'),
    'proxy-url': proxyUrl,
    'disable-compression': cluster['disable-compression'],
    config: cluster.extensions?.find(({ name }) => name === ExecExtension)?.extension,
  };
}
