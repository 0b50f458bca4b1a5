import type { Entry, Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.js';

const Redacted = 'REDACTED';

/** Not secret, but longer than anybody wants to see. */
const Omitted = 'DATA+OMITTED';

/** Arguments of an `auth-provider` that are credentials. */
const SecretArguments: ReadonlySet<string> = new Set(['id-token', 'refresh-token', 'access-token', 'client-secret']);

/**
 * A kubeconfig that can be shown: as `kubectl config view`, without tokens, passwords, keys and the text of certificates.
 * Unlike kubectl, it leaves out the tokens of an `auth-provider` and the password of a proxy, too. Arguments and variables of
 * exec plugins are shown.
 */
export function redactKubeconfig(kubeconfig: Kubeconfig): Kubeconfig {
  return {
    ...kubeconfig,
    clusters: mapValues(kubeconfig.clusters, redactCluster),
    users: mapValues(kubeconfig.users, redactUser),
  };
}

function redactCluster(cluster: KubeconfigCluster): KubeconfigCluster {
  const proxyUrl = cluster['proxy-url'];
  return {
    ...replaced(cluster, 'certificate-authority-data', Omitted),
    ...(proxyUrl ? { 'proxy-url': withoutPassword(proxyUrl) } : {}),
  };
}

function redactUser(user: KubeconfigUser): KubeconfigUser {
  const provider = user['auth-provider'];
  let result = replaced(user, 'client-certificate-data', Omitted);
  result = replaced(result, 'client-key-data', Omitted);
  result = replaced(result, 'token', Redacted);
  result = replaced(result, 'password', Redacted);
  if (!provider?.config) return result;
  const config = Object.entries(provider.config).map(([name, value]) => [
    name,
    SecretArguments.has(name) && value !== '' ? Redacted : value,
  ]);
  return { ...result, 'auth-provider': { ...provider, config: Object.fromEntries(config) as Record<string, string> } };
}

function replaced<T extends object>(value: T, field: keyof T, text: string): T {
  return value[field] ? { ...value, [field]: text } : value;
}

function withoutPassword(proxyUrl: string): string {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  // What is no URL of a proxy may be anything.
  if (!url || !['http:', 'https:', 'socks5:'].includes(url.protocol)) return Redacted;
  if (url.password === '') return proxyUrl;
  url.password = Redacted;
  return url.href;
}

function mapValues<T>(entries: ReadonlyMap<string, Entry<T>>, change: (value: T) => T): Map<string, Entry<T>> {
  return new Map([...entries].map(([name, entry]) => [name, { ...entry, value: change(entry.value) }]));
}
