import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Kubeconfig, KubeconfigError } from './kubeconfig.js';
import { parseKubeconfig } from './parse-kubeconfig.js';

export interface KubeconfigSource {
  /** This file alone; it must exist. Default: the files in `KUBECONFIG`, or else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The files that are read, in order, and whether they have to exist. */
export function kubeconfigFiles({ kubeconfig, env = process.env }: KubeconfigSource): {
  files: string[];
  required: boolean;
} {
  if (kubeconfig) return { files: [kubeconfig], required: true };
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  const files = listed.length > 0 ? listed : [path.join(env['HOME'] ?? homedir(), '.kube', 'config')];
  return { files: [...new Set(files)], required: false };
}

/**
 * Reads and merges kubeconfig files as kubectl does: the first file that sets the current context, or defines an entry,
 * wins, and an entry is taken whole. Files of the list that do not exist are passed over.
 *
 * @throws KubeconfigError that names the file.
 */
export async function loadKubeconfig(source: KubeconfigSource = {}): Promise<Kubeconfig> {
  const { files, required } = kubeconfigFiles(source);
  const merged: Kubeconfig = { clusters: new Map(), users: new Map(), contexts: new Map() };
  for (const file of files) {
    const text = await read(file, required);
    if (text !== undefined) merge(merged, parseKubeconfig(text, file));
  }
  return merged;
}

async function read(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return undefined;
    const reason = code === 'ENOENT' ? 'no such file' : message;
    throw new KubeconfigError(`error loading config file ${JSON.stringify(file)}: ${reason}`, { cause });
  }
}

function merge(into: Kubeconfig, from: Kubeconfig): void {
  const currentContext = into.currentContext ?? from.currentContext;
  if (currentContext !== undefined) into.currentContext = currentContext;
  for (const section of ['clusters', 'users', 'contexts'] as const) {
    const target = into[section] as Map<string, unknown>;
    for (const [name, entry] of from[section]) if (!target.has(name)) target.set(name, entry);
  }
}
