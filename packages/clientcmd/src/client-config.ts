import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileTokenSource } from '@client-ts/auth';
import { isDNS1123Label } from '@client-ts/apimachinery/validation';
import type { Config, ImpersonationConfig, TlsConfig } from '@client-ts/rest';
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
 * The config of one context: its cluster, its user and its namespace. Files that entries point to are read.
 *
 * @param contextName - default: the current context.
 * @throws KubeconfigError that names the entry and the field.
 */
export async function contextConfig(kubeconfig: Kubeconfig, contextName?: string): Promise<ContextConfig> {
  const name = contextName ?? kubeconfig.currentContext;
  if (name === undefined) {
    throw new KubeconfigError('no context is chosen: the kubeconfig has no current-context, and none was asked for');
  }
  const context = find(kubeconfig.contexts, 'context', name);
  const { cluster: clusterName, user: userName, namespace } = context.value;
  const where = `${context.file ?? 'kubeconfig'}: context ${JSON.stringify(name)}`;
  if (!clusterName) throw new KubeconfigError(`${where}: cluster was not specified`);
  if (namespace) {
    const [problem] = isDNS1123Label(namespace);
    if (problem) throw new KubeconfigError(`${where}: namespace ${JSON.stringify(namespace)}: ${problem}`);
  }
  const cluster = find(kubeconfig.clusters, 'cluster', clusterName);
  const user = userName ? find(kubeconfig.users, 'user', userName) : undefined;

  const host = serverOf(cluster, clusterName);
  const secure = host.startsWith('https:');
  const tls: TlsConfig = {
    ...(await clusterTls(new Place(cluster, 'cluster', clusterName))),
    ...(user && secure ? await userTls(new Place(user, 'user', userName ?? '')) : {}),
  };
  return {
    host,
    namespace: namespace || 'default',
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
    ...(cluster.value['proxy-url'] ? { proxyUrl: cluster.value['proxy-url'] } : {}),
    ...(user ? credentials(new Place(user, 'user', userName ?? ''), secure) : {}),
  };
}

function find<T>(entries: ReadonlyMap<string, Entry<T>>, kind: string, name: string): Entry<T> {
  const entry = entries.get(name);
  if (entry) return entry;
  const known = [...entries.keys()].map((key) => JSON.stringify(key)).join(', ') || 'none';
  throw new KubeconfigError(`${kind} ${JSON.stringify(name)} does not exist in the kubeconfig; there are: ${known}`);
}

/** One entry, as a place that errors can name and paths are relative to. */
class Place<T extends object> {
  readonly entry: Entry<T>;
  readonly #kind: string;
  readonly #name: string;

  constructor(entry: Entry<T>, kind: string, name: string) {
    this.entry = entry;
    this.#kind = kind;
    this.#name = name;
  }

  error(problem: string, cause?: unknown): KubeconfigError {
    const where = `${this.entry.file ?? 'kubeconfig'}: ${this.#kind} ${JSON.stringify(this.#name)}`;
    return new KubeconfigError(`${where}: ${problem}`, { cause });
  }

  resolve(file: string): string {
    return path.resolve(path.dirname(this.entry.file ?? ''), file);
  }

  /** PEM text: from the `-data` field, or from the file that the field names. */
  async pem(field: string): Promise<string | undefined> {
    const fields = this.entry.value as Readonly<Record<string, string | undefined>>;
    const [file, data] = [fields[field], fields[`${field}-data`]];
    if (file && data) throw this.error(`${field} and ${field}-data exclude each other`);
    if (data) {
      const text = Buffer.from(data, 'base64').toString('utf8');
      if (!text.includes('-----BEGIN ')) throw this.error(`${field}-data is not base64-encoded PEM`);
      return text;
    }
    if (!file) return undefined;
    try {
      return await readFile(this.resolve(file), 'utf8');
    } catch (cause) {
      throw this.error(
        `unable to read ${field} ${this.resolve(file)}: ${(cause as NodeJS.ErrnoException).code}`,
        cause,
      );
    }
  }
}

function serverOf(cluster: Entry<KubeconfigCluster>, name: string): string {
  const place = new Place(cluster, 'cluster', name);
  const { server } = cluster.value;
  if (!server) throw place.error('server: the cluster has no server defined');
  const text = server.includes('://') ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '') {
    throw place.error('server: expected an http:// or https:// URL without credentials');
  }
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/$/, '');
}

async function clusterTls(place: Place<KubeconfigCluster>): Promise<TlsConfig> {
  const { 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = place.entry.value;
  const ca = await place.pem('certificate-authority');
  if (ca !== undefined && insecure)
    throw place.error('certificate-authority and insecure-skip-tls-verify exclude each other');
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName ? { serverName } : {}),
    ...(insecure ? { insecure } : {}),
  };
}

async function userTls(place: Place<KubeconfigUser>): Promise<TlsConfig> {
  const [cert, key] = [await place.pem('client-certificate'), await place.pem('client-key')];
  if (cert !== undefined && key === undefined) throw place.error('client-certificate needs a client-key');
  if (cert === undefined && key !== undefined) throw place.error('client-key needs a client-certificate');
  return cert === undefined || key === undefined ? {} : { cert, key };
}

/** As client-go, secrets are for TLS alone: a token sent in the clear would be everybody's. */
function credentials(place: Place<KubeconfigUser>, secure: boolean): Partial<Config> {
  const user = place.entry.value;
  for (const field of ['exec', 'auth-provider'] as const) {
    if (user[field])
      throw place.error(`${field}: this way to authenticate is not supported yet; use a token or a client certificate`);
  }
  const methods = [user.token || user.tokenFile, user.username || user.password].filter(Boolean);
  if (methods.length > 1) throw place.error('more than one authentication method: a token and a username or password');
  const impersonate = impersonation(place);
  if (!secure) return impersonate ? { impersonate } : {};
  return {
    ...(impersonate ? { impersonate } : {}),
    ...(user.token
      ? { bearerToken: user.token }
      : user.tokenFile
        ? { bearerToken: fileTokenSource(place.resolve(user.tokenFile)) }
        : {}),
    ...(user.username || user.password ? { username: user.username ?? '', password: user.password ?? '' } : {}),
  };
}

function impersonation(place: Place<KubeconfigUser>): ImpersonationConfig | undefined {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = place.entry.value;
  if (!as) {
    if (uid || groups?.length || extra)
      throw place.error('as-uid, as-groups and as-user-extra need as: the name of a user');
    return undefined;
  }
  return { userName: as, ...(uid ? { uid } : {}), ...(groups ? { groups } : {}), ...(extra ? { extra } : {}) };
}
