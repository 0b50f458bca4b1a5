import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileTokenSource } from '@client-ts/auth';
import type { TlsFiles } from '@client-ts/transport';
import type { ContextConfig } from './resolve-context.js';
import { withTransport } from './with-transport.js';

const ServiceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where the files of the pod's service account are. Default: where kubelet mounts them. */
  readonly serviceAccountDirectory?: string | undefined;
}

/** This process does not run in a pod, or the pod has no service account. */
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
  const { config, files } = await serviceAccountConfig(options);
  return withTransport(config, options.env, { files });
}

/** What {@link inClusterConfig} makes a transport for. */
export async function serviceAccountConfig(
  options: InClusterOptions = {},
): Promise<{ readonly config: ContextConfig; readonly files: TlsFiles }> {
  const { env = process.env, serviceAccountDirectory: directory = ServiceAccountDirectory } = options;
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (!host || !port) {
    throw new NotInClusterError(
      'not running in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set',
    );
  }
  const bearerToken = fileTokenSource(path.join(directory, 'token'));
  try {
    await bearerToken({});
  } catch (cause) {
    throw new NotInClusterError(`the pod has no service account: ${(cause as Error).message}`, { cause });
  }
  const caFile = path.join(directory, 'ca.crt');
  const ca = await readIfThere(caFile);
  const config = {
    host: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    bearerToken,
    ...(ca === undefined ? {} : { tls: { ca } }),
    namespace: await namespaceOfPod(env, directory),
  };
  return { config, files: ca === undefined ? {} : { ca: caFile } };
}

/** The namespace of the pod that this runs in; `undefined` outside of a cluster. */
export async function podNamespace(options: InClusterOptions = {}): Promise<string | undefined> {
  const { env = process.env, serviceAccountDirectory: directory = ServiceAccountDirectory } = options;
  return (await isInCluster(options)) ? namespaceOfPod(env, directory) : undefined;
}

async function namespaceOfPod(env: NonNullable<InClusterOptions['env']>, directory: string): Promise<string> {
  const mounted = (await readIfThere(path.join(directory, 'namespace')))?.trim();
  return env['POD_NAMESPACE'] || mounted || 'default';
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

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
