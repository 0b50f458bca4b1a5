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

/**
 * Reads and merges kubeconfig files as kubectl does: the first file that sets the current context, or defines an entry,
 * wins, and an entry is taken whole. Files of the list that do not exist are passed over.
 *
 * Rejects with a {@link KubeconfigError} that names the file.
 */
export async function loadKubeconfig(source: KubeconfigSource = {}): Promise<Kubeconfig> {
  const { kubeconfig, env = process.env } = source;
  const files = kubeconfig ? [kubeconfig] : searchedFiles(env);
  const merged: Kubeconfig = { clusters: new Map(), users: new Map(), contexts: new Map(), files };
  for (const file of files) {
    const text = await read(file, Boolean(kubeconfig));
    if (text !== undefined) merge(merged, parseKubeconfig(text, file));
  }
  return merged;
}

function searchedFiles(env: NonNullable<KubeconfigSource['env']>): string[] {
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  return listed.length > 0 ? [...new Set(listed)] : [path.join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

async function read(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return undefined;
    throw new KubeconfigError(`${file}: ${code === 'ENOENT' ? 'no such file' : message}`, { cause });
  }
}

function merge(into: Kubeconfig, from: Kubeconfig): void {
  const currentContext = into.currentContext ?? from.currentContext;
  if (currentContext !== undefined) into.currentContext = currentContext;
  addMissing(into.clusters, from.clusters);
  addMissing(into.users, from.users);
  addMissing(into.contexts, from.contexts);
}

function addMissing<T>(target: Map<string, T>, source: ReadonlyMap<string, T>): void {
  for (const [name, entry] of source) if (!target.has(name)) target.set(name, entry);
}
