import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Paths of the programs of a control plane. */
export interface Binaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  /** Absent where it is not needed and not there. */
  readonly kubectl?: string | undefined;
  readonly kubeControllerManager?: string | undefined;
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

/** File name, environment variable for its path, and whether there is no control plane without it. */
const Programs = {
  etcd: ['etcd', 'TEST_ASSET_ETCD', true],
  kubeApiserver: ['kube-apiserver', 'TEST_ASSET_KUBE_APISERVER', true],
  kubectl: ['kubectl', 'TEST_ASSET_KUBECTL', false],
  kubeControllerManager: ['kube-controller-manager', 'TEST_ASSET_KUBE_CONTROLLER_MANAGER', false],
} as const;

/**
 * Finds the programs of a control plane: in the options, in `TEST_ASSET_ETCD` and the like, in the directory
 * `KUBEBUILDER_ASSETS`, and in the cache.
 *
 * The two environment variables say nothing of a version: they are left aside when one is asked for.
 *
 * @throws BinariesNotFoundError
 */
export function findBinaries(options: BinariesOptions = {}): Binaries {
  const { version, binaries = {}, env = process.env } = options;
  const assets = version === undefined ? env['KUBEBUILDER_ASSETS'] : undefined;
  const directory = assets ?? cacheDirectoryFor(version, env);
  const found: Partial<Record<keyof Binaries, string>> = {};
  for (const [program, [file, variable, required]] of Object.entries(Programs)) {
    const name = program as keyof Binaries;
    const asset = version === undefined ? env[variable] : undefined;
    const candidates = [binaries[name], asset, directory === undefined ? undefined : path.join(directory, file)];
    const place = candidates.find((candidate) => candidate !== undefined);
    if (place !== undefined && isExecutable(place)) found[name] = place;
    else if (required) throw notFound(file, place, version, env);
  }
  return found as Binaries;
}

/** Where the build script puts what it builds: one directory `<version>-<platform>-<architecture>` each. */
export function binariesCache(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { CLIENT_TS_KUBERNETES_CACHE: chosen, XDG_CACHE_HOME: userCache } = env;
  return chosen ?? path.join(userCache ?? path.join(homedir(), '.cache'), 'client-ts', 'kubernetes');
}

function cacheDirectoryFor(version: string | undefined, env: NonNullable<BinariesOptions['env']>): string | undefined {
  const cache = binariesCache(env);
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  const suffix = `-${process.platform}-${architecture}`;
  const versions = listDirectory(cache)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter((name) => version === undefined || name === version || name.startsWith(`${version}.`))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newest = versions.at(-1);
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
  return new BinariesNotFoundError(
    `${file} not found: ${looked}. Build it with "node tools/kubernetes/build.mjs", or point KUBEBUILDER_ASSETS to a directory that has it`,
  );
}
