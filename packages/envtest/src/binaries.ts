import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Paths of the programs of a control plane. */
export interface Binaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubectl: string;
  readonly kubeControllerManager: string;
  readonly kubelet: string;
  /** What a kubelet runs Pods with. See `tools/kubernetes/runtime`. */
  readonly containerRuntime: string;
}

export interface BinariesOptions {
  /** A version such as `1.37.2`, or a minor such as `1.37`. Default: the newest in the cache. */
  readonly version?: string | undefined;
  /** Paths that are known already. */
  readonly binaries?: Partial<Binaries> | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A program is nowhere to be found. The message says where it was looked for, and how to get it. */
export class BinariesNotFoundError extends Error {
  override readonly name = 'BinariesNotFoundError';
}

/** File name, and the environment variable for a path. */
const Programs: Readonly<Record<keyof Binaries, readonly [file: string, variable: string]>> = {
  etcd: ['etcd', 'TEST_ASSET_ETCD'],
  kubeApiserver: ['kube-apiserver', 'TEST_ASSET_KUBE_APISERVER'],
  kubectl: ['kubectl', 'TEST_ASSET_KUBECTL'],
  kubeControllerManager: ['kube-controller-manager', 'TEST_ASSET_KUBE_CONTROLLER_MANAGER'],
  kubelet: ['kubelet', 'TEST_ASSET_KUBELET'],
  containerRuntime: ['container-runtime', 'TEST_ASSET_CONTAINER_RUNTIME'],
};

/**
 * Finds the programs of a control plane: in the options, in `TEST_ASSET_ETCD` and the like, in the directory
 * `KUBEBUILDER_ASSETS`, or else in the cache. The result has those that there are, and all that are needed.
 *
 * The environment says nothing of a version: with one, only options and cache count.
 *
 * @param options.needs - what it is an error not to find. Default: etcd and kube-apiserver.
 * @throws BinariesNotFoundError
 */
export function findBinaries<N extends keyof Binaries = 'etcd' | 'kubeApiserver'>(
  options: BinariesOptions & { readonly needs?: readonly N[] | undefined } = {},
): Partial<Binaries> & Pick<Binaries, N> {
  const { version, binaries = {}, env = process.env } = options;
  const needs: readonly (keyof Binaries)[] = options.needs ?? ['etcd', 'kubeApiserver'];
  const given = version === undefined ? env : {};
  const directory = given['KUBEBUILDER_ASSETS'] || cacheDirectoryFor(version, env);
  const found: { -readonly [Program in keyof Binaries]?: string } = {};
  for (const program of Object.keys(Programs) as (keyof Binaries)[]) {
    const [file, variable] = Programs[program];
    const explicit = binaries[program] ?? (given[variable] || undefined);
    const place = explicit ?? (directory && path.join(directory, file));
    if (place !== undefined && isExecutable(place)) found[program] = place;
    // A path that somebody gave is meant, whether needed or not.
    else if (explicit !== undefined || needs.includes(program)) throw notFound(file, place, version, env);
  }
  return found as Partial<Binaries> & Pick<Binaries, N>;
}

/**
 * Where `tools/kubernetes/build.mjs` puts what it builds, one directory `<version>-<platform>-<architecture>` each:
 * `CLIENT_TS_KUBERNETES_CACHE`, or else `client-ts/kubernetes` in the user's cache (`XDG_CACHE_HOME`, or else `~/.cache`).
 */
export function binariesCache(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { CLIENT_TS_KUBERNETES_CACHE: chosen, XDG_CACHE_HOME: userCache } = env;
  return chosen || path.join(userCache || path.join(homedir(), '.cache'), 'client-ts', 'kubernetes');
}

function cacheDirectoryFor(version: string | undefined, env: NonNullable<BinariesOptions['env']>): string | undefined {
  const cache = binariesCache(env);
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  const suffix = `-${process.platform}-${architecture}`;
  const newest = listDirectory(cache)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter((name) => version === undefined || name === version || name.startsWith(`${version}.`))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return newest === undefined ? undefined : path.join(cache, `${newest}${suffix}`);
}

function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // nothing has been built yet
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function notFound(
  file: string,
  place: string | undefined,
  version: string | undefined,
  env: NonNullable<BinariesOptions['env']>,
): BinariesNotFoundError {
  const looked =
    place === undefined ? `no ${version ?? 'version'} in ${binariesCache(env)}` : `${place} is not an executable file`;
  const otherwise = version === undefined ? ', or point KUBEBUILDER_ASSETS to a directory that has it' : '';
  return new BinariesNotFoundError(
    `${file} not found: ${looked}. Build it with "node tools/kubernetes/build.mjs"${otherwise}`,
  );
}
