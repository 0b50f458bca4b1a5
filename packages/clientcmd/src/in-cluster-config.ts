import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileTokenSource } from '@client-ts/auth';
import { newTransport } from '@client-ts/transport';
import type { ContextConfig } from './client-config.js';

const ServiceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where the service account's files are mounted. Default: where kubelet mounts them. */
  readonly directory?: string | undefined;
}

/** This process does not run in a pod, or the pod has no service account. */
export class NotInClusterError extends Error {
  override readonly name = 'NotInClusterError';
}

/**
 * The config of a pod's service account. The token is read again as kubelet renews it.
 *
 * @throws NotInClusterError when the process does not run in a pod.
 */
export async function inClusterConfig(options: InClusterOptions = {}): Promise<ContextConfig> {
  const { env = process.env, directory = ServiceAccountDirectory } = options;
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (!host || !port) {
    throw new NotInClusterError(
      'not running in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set',
    );
  }
  const tokenFile = path.join(directory, 'token');
  const ca = await readIfThere(path.join(directory, 'ca.crt'));
  const tls = ca === undefined ? {} : { ca };
  const namespace = env['POD_NAMESPACE'] || (await readIfThere(path.join(directory, 'namespace')))?.trim() || 'default';
  return {
    host: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    bearerToken: fileTokenSource(tokenFile),
    tls,
    namespace,
    transport: newTransport({ tls }),
  };
}

/** Whether {@link inClusterConfig} has what it needs. */
export async function isInCluster({
  env = process.env,
  directory = ServiceAccountDirectory,
}: InClusterOptions = {}): Promise<boolean> {
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
