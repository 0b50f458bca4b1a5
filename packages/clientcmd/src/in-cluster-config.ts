import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '@client-ts/apimachinery';
import type { Entry, Kubeconfig } from './kubeconfig.js';
import { fileProblem, isMissing } from './read-bounded.js';
import { type ContextConfig, resolveContext, type ResolvedContext } from './resolve-context.js';
import { tokenFile } from './token-file.js';
import { withTransport } from './with-transport.js';

const ServiceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where the files of the pod's service account are. Default: where kubelet mounts them. */
  readonly serviceAccountDirectory?: string | undefined;
}

/** This process does not run in a pod, or the pod has no service account, or one that cannot be read. */
export class NotInClusterError extends Error {
  override readonly name = 'NotInClusterError';
}

/**
 * The config of a pod's service account. Token and authority are read again as kubelet renews them. The namespace is `POD_NAMESPACE`,
 * or the service account's.
 *
 * Rejects with a {@link NotInClusterError}.
 */
export async function inClusterConfig(options: InClusterOptions = {}): Promise<ContextConfig> {
  const { config, files } = await serviceAccountContext(options);
  return withTransport(config, options.env, { files });
}

/** What {@link inClusterConfig} makes a transport for. */
export async function serviceAccountContext(options: InClusterOptions = {}): Promise<ResolvedContext> {
  return resolveContext(await serviceAccountKubeconfig(options));
}

/** The pod's service account as a kubeconfig has users: what overrides a kubeconfig overrides it, too. */
export async function serviceAccountKubeconfig(options: InClusterOptions = {}): Promise<Kubeconfig> {
  const { env = process.env, serviceAccountDirectory: directory = ServiceAccountDirectory } = options;
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (!host || !port) {
    throw new NotInClusterError(
      'not running in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set',
    );
  }
  const file = path.join(directory, 'token');
  try {
    await tokenFile(file)({});
  } catch (cause) {
    throw new NotInClusterError(`the pod has no service account: ${(cause as Error).message}`, { cause });
  }
  const name = 'service-account';
  const only = <T>(value: T): Map<string, Entry<T>> => new Map([[name, { value, file: undefined }]]);
  const caFile = path.join(directory, 'ca.crt');
  const authority = (await hasAuthority(caFile)) ? { 'certificate-authority': caFile } : {};
  return {
    currentContext: name,
    clusters: only({ server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`, ...authority }),
    users: only({ tokenFile: file }),
    contexts: only({ cluster: name, user: name, namespace: await namespaceOfPod(env, directory) }),
    files: [],
  };
}

/** The namespace of the pod that this runs in; `undefined` outside of a cluster. */
export async function podNamespace(options: InClusterOptions = {}): Promise<string | undefined> {
  const { env = process.env, serviceAccountDirectory: directory = ServiceAccountDirectory } = options;
  return (await isInCluster(options)) ? namespaceOfPod(env, directory) : undefined;
}

/** As for client-go, a file that cannot be read is as good as none. */
async function namespaceOfPod(env: NonNullable<InClusterOptions['env']>, directory: string): Promise<string> {
  const mounted = await readFile(path.join(directory, 'namespace'), 'utf8').catch(() => '');
  return env['POD_NAMESPACE'] || mounted.trim() || 'default';
}

/**
 * Whether there is an authority beside those of the system. One that cannot be read is an error: client-go writes into its log and
 * goes on without, until a handshake fails and nothing says why.
 */
async function hasAuthority(file: string): Promise<boolean> {
  try {
    await readFile(file);
    return true;
  } catch (cause) {
    if (isMissing(cause)) return false;
    const problem = `cannot read ${printable(file)}: ${fileProblem(cause)}`;
    throw new NotInClusterError(`the pod's service account is incomplete: ${problem}`, { cause });
  }
}

/** Whether {@link inClusterConfig} has what it needs. */
export async function isInCluster(options: InClusterOptions = {}): Promise<boolean> {
  const { env = process.env, serviceAccountDirectory: directory = ServiceAccountDirectory } = options;
  if (!env['KUBERNETES_SERVICE_HOST'] || !env['KUBERNETES_SERVICE_PORT']) return false;
  try {
    await access(path.join(directory, 'token'));
    return true;
  } catch {
    return false; // no token is what "not in a cluster" means
  }
}
