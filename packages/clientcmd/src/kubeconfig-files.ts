import { homedir } from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a kubeconfig is looked for. */
export interface KubeconfigSource {
  /** This file alone; it must exist to be read. Default: the files in `KUBECONFIG`, or else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: Environment | undefined;
}

/** The files to look at, first ones first, and why these: what they are called in messages. */
export interface KubeconfigFiles {
  readonly files: readonly string[];
  readonly origin: 'kubeconfig' | 'KUBECONFIG' | 'home';
}

/** As kubectl's loading rules: `KUBECONFIG` is split as `PATH` is, and a file that is listed twice counts once. */
export function kubeconfigFiles({ kubeconfig, env = process.env }: KubeconfigSource = {}): KubeconfigFiles {
  if (kubeconfig) return { files: [kubeconfig], origin: 'kubeconfig' };
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (listed.length > 0) return { files: [...new Set(listed)], origin: 'KUBECONFIG' };
  return { files: [path.join(env['HOME'] || homedir(), '.kube', 'config')], origin: 'home' };
}
