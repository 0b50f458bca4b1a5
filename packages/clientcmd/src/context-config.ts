import { createSecureContext } from 'node:tls';
import { fileTokenSource } from '@client-ts/auth';
import { isDNS1123Label } from '@client-ts/apimachinery/validation';
import type { Config, ImpersonationConfig, TlsConfig, TokenSource } from '@client-ts/rest';
import { EntryPlace } from './entry-place.js';
import {
  type Entry,
  type Kubeconfig,
  type KubeconfigCluster,
  KubeconfigError,
  type KubeconfigUser,
} from './kubeconfig.js';

/** A config, and the namespace that calls without one are meant for. */
export type ContextConfig = Config & { readonly namespace: string };

/**
 * The config of one context: its cluster, its user and its namespace. Files that entries point to are read; there is no
 * transport in it yet.
 *
 * Rejects with a {@link KubeconfigError} that names file, entry and field.
 *
 * @param contextName - default: the current context.
 */
export async function contextConfig(kubeconfig: Kubeconfig, contextName?: string): Promise<ContextConfig> {
  const where = kubeconfig.files.join(', ') || 'kubeconfig';
  const name = contextName ?? kubeconfig.currentContext;
  if (name === undefined)
    throw new KubeconfigError(`${where}: no context is chosen: there is no current-context, and none was asked for`);
  const entry = kubeconfig.contexts.get(name);
  if (!entry) {
    const asked = contextName === undefined ? 'current-context: ' : '';
    throw new KubeconfigError(`${where}: ${asked}${missing('context', name, kubeconfig.contexts)}`);
  }
  const context = new EntryPlace(entry, 'context', name);
  const { cluster: clusterName, user: userName, namespace } = context.value;
  if (!clusterName) throw context.error('cluster: the context names no cluster');
  const [problem] = namespace ? isDNS1123Label(namespace) : [];
  if (problem !== undefined) throw context.error(`namespace: ${problem}`);

  const cluster = namedBy(context, 'cluster', clusterName, kubeconfig.clusters);
  // A context without a user is an anonymous one.
  const user = userName ? namedBy(context, 'user', userName, kubeconfig.users) : undefined;
  const host = serverOf(cluster);
  const secure = host.startsWith('https:');
  const proxyUrl = proxyOf(cluster);
  const tls: TlsConfig = { ...(await clusterTls(cluster)), ...(user && secure ? await userTls(user) : {}) };
  return {
    host,
    namespace: namespace || 'default',
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(user ? credentials(user, secure) : {}),
  };
}

function namedBy<T extends object>(
  context: EntryPlace<object>,
  kind: string,
  name: string,
  entries: ReadonlyMap<string, Entry<T>>,
): EntryPlace<T> {
  const entry = entries.get(name);
  if (!entry) throw context.error(`${kind}: ${missing(kind, name, entries)}`);
  return new EntryPlace(entry, kind, name);
}

function missing(kind: string, name: string, entries: ReadonlyMap<string, unknown>): string {
  const known = [...entries.keys()].map((key) => JSON.stringify(key)).join(', ') || 'none';
  return `${kind} ${JSON.stringify(name)} does not exist; there are: ${known}`;
}

function serverOf(cluster: EntryPlace<KubeconfigCluster>): string {
  const { server } = cluster.value;
  if (!server) throw cluster.error('server: the cluster has no server');
  const text = server.includes('://') ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw cluster.error('server: expected an http:// or https:// URL without credentials');
  }
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/$/, '');
}

function proxyOf(cluster: EntryPlace<KubeconfigCluster>): string | undefined {
  const proxyUrl = cluster.value['proxy-url'];
  if (!proxyUrl) return undefined;
  const protocol = URL.canParse(proxyUrl) ? new URL(proxyUrl).protocol : undefined;
  if (protocol === undefined || !['http:', 'https:', 'socks5:'].includes(protocol))
    throw cluster.error('proxy-url: expected an http://, https:// or socks5:// URL');
  return proxyUrl;
}

async function clusterTls(cluster: EntryPlace<KubeconfigCluster>): Promise<TlsConfig> {
  const { 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = cluster.value;
  const ca = await cluster.pem('certificate-authority');
  if (ca !== undefined && insecure)
    throw cluster.error('certificate-authority and insecure-skip-tls-verify exclude each other');
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName ? { serverName } : {}),
    ...(insecure ? { insecure } : {}),
  };
}

async function userTls(user: EntryPlace<KubeconfigUser>): Promise<TlsConfig> {
  const [cert, key] = [await user.pem('client-certificate'), await user.pem('client-key')];
  if (cert !== undefined && key === undefined) throw user.error('client-certificate needs a client-key');
  if (cert === undefined && key !== undefined) throw user.error('client-key needs a client-certificate');
  if (cert === undefined || key === undefined) return {};
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw user.error(`client-certificate and client-key cannot be used: ${(cause as Error).message}`, cause);
  }
  return { cert, key };
}

/** As client-go, secrets are for TLS alone: a token sent in the clear would be everybody's. */
function credentials(user: EntryPlace<KubeconfigUser>, secure: boolean): Partial<Config> {
  const { username, password } = user.value;
  for (const field of ['exec', 'auth-provider'] as const) {
    if (user.value[field])
      throw user.error(`${field}: this way to authenticate is not supported yet; use a token or a client certificate`);
  }
  const bearerToken = tokenOf(user);
  const basic = username || password ? { username: username ?? '', password: password ?? '' } : undefined;
  if (bearerToken && basic) throw user.error('a token, and username or password, exclude each other');
  const impersonate = impersonation(user);
  return {
    ...(impersonate ? { impersonate } : {}),
    ...(secure && bearerToken ? { bearerToken } : {}),
    ...(secure ? basic : {}),
  };
}

/** Of both, the file counts, for as long as it can be read: it is the one that somebody renews. */
function tokenOf(user: EntryPlace<KubeconfigUser>): string | TokenSource | undefined {
  const { token, tokenFile } = user.value;
  if (!tokenFile) return token || undefined;
  const fromFile = fileTokenSource(user.resolve(tokenFile));
  if (!token) return fromFile;
  return async (options) => {
    try {
      return await fromFile(options);
    } catch {
      options.signal?.throwIfAborted();
      return token;
    }
  };
}

function impersonation(user: EntryPlace<KubeconfigUser>): ImpersonationConfig | undefined {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = user.value;
  if (!as) {
    if (uid || groups?.length || extra)
      throw user.error('as-uid, as-groups and as-user-extra need as: the name of a user');
    return undefined;
  }
  return { userName: as, ...(uid ? { uid } : {}), ...(groups ? { groups } : {}), ...(extra ? { extra } : {}) };
}
