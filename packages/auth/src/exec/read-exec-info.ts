import type { Config, TlsConfig } from '@client-ts/rest';
import type { ExecCluster } from './exec-info.js';

/** What whoever runs a plugin tells it. */
export interface ExecInfo {
  /** The version that the plugin has to answer in. */
  readonly apiVersion: string;
  /** Whether standard input is the user's. */
  readonly interactive: boolean;
  /** Present when `provideClusterInfo` is set. */
  readonly cluster: ExecCluster | undefined;
  /** How to reach that cluster, as nobody yet. */
  readonly config: Config | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * For authors of plugins: reads `KUBERNETES_EXEC_INFO`.
 *
 * @param env - Default: `process.env`.
 * @throws TypeError that names the field, when the variable is missing or says something else.
 */
export function readExecInfo(env: Readonly<Record<string, string | undefined>> = process.env): ExecInfo {
  const text = env['KUBERNETES_EXEC_INFO'];
  if (!text) throw new TypeError('KUBERNETES_EXEC_INFO: not set: is this run as a credential plugin?');
  const { kind, apiVersion, spec } = object(parse(text), '');
  if (kind !== 'ExecCredential') throw new TypeError('KUBERNETES_EXEC_INFO: kind: expected ExecCredential');
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('client.authentication.k8s.io/')) {
    throw new TypeError('KUBERNETES_EXEC_INFO: apiVersion: expected one of client.authentication.k8s.io');
  }
  const { interactive, cluster } = object(spec ?? {}, 'spec');
  const told = cluster === undefined || cluster === null ? undefined : clusterOf(object(cluster, 'spec.cluster'));
  return { apiVersion, interactive: interactive === true, cluster: told, config: told && configOf(told) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('KUBERNETES_EXEC_INFO: expected JSON');
  }
}

function object(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`KUBERNETES_EXEC_INFO: ${path}${path && ': '}expected an object`);
}

const Strings = ['tls-server-name', 'certificate-authority-data', 'proxy-url'] as const;

function clusterOf(fields: Fields): ExecCluster {
  for (const field of ['server', ...Strings]) {
    const value = fields[field] ?? '';
    const missing = field === 'server' && value === '';
    if (missing || typeof value !== 'string') {
      throw new TypeError(`KUBERNETES_EXEC_INFO: spec.cluster.${field}: expected a string`);
    }
  }
  return fields as unknown as ExecCluster;
}

function configOf(cluster: ExecCluster): Config {
  const { server: host, 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = cluster;
  const { 'certificate-authority-data': data, 'proxy-url': proxyUrl } = cluster;
  const tls: TlsConfig = {
    ...(data ? { ca: Buffer.from(data, 'base64').toString('utf8') } : {}),
    ...(serverName ? { serverName } : {}),
    ...(insecure ? { insecure } : {}),
  };
  return { host, ...(Object.keys(tls).length > 0 ? { tls } : {}), ...(proxyUrl ? { proxyUrl } : {}) };
}
