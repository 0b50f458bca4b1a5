import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addEnums } from './read-enums.js';
import { FactsError, type Facts } from './facts.js';
import { type ApiResourceList, readResources } from './read-discovery.js';
import { type OpenApiDocument, readTypes } from './read-openapi.js';

const Module = 'k8s.io/kubernetes';

/** Where one release of Kubernetes is, as a Go module. */
export interface KubernetesModule {
  readonly directory: string;
  /** `v1.37.2` */
  readonly version: string;
}

/**
 * The module that a `go.mod` requires, from Go's module cache; Go downloads it where it is missing.
 *
 * @throws FactsError when there is no Go, or no module.
 */
export function findKubernetesModule(goModDirectory: string): KubernetesModule {
  const goMod = readFileSync(path.join(goModDirectory, 'go.mod'), 'utf8');
  const version = new RegExp(`^require ${Module} (v\\S+)$`, 'm').exec(goMod)?.[1];
  if (version === undefined) throw new FactsError(`${goModDirectory}/go.mod does not require ${Module}`);
  try {
    const output = execFileSync('go', ['mod', 'download', '-json', `${Module}@${version}`], {
      cwd: goModDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { directory: (JSON.parse(output) as { Dir: string }).Dir, version };
  } catch (cause) {
    throw new FactsError(`${Module} ${version} is not available as a Go module`, { cause });
  }
}

/** Facts about all built-in group versions, alpha and beta included, and about all types that they reach. */
export function readKubernetesModule(module: KubernetesModule): Facts {
  const read = (...segments: string[]): string => readFileSync(path.join(module.directory, ...segments), 'utf8');
  const names = readdirSync(path.join(module.directory, 'api', 'discovery'))
    .flatMap((file) => /^(apis?__.*v\d\w*)\.json$/.exec(file)?.[1] ?? [])
    .toSorted();
  const documents = names.map(
    (name) => JSON.parse(read('api', 'openapi-spec', 'v3', `${name}_openapi.json`)) as OpenApiDocument,
  );
  const types = addEnums(readTypes(documents), read('pkg', 'generated', 'openapi', 'zz_generated.openapi.go'));
  return {
    source: `${Module} ${module.version}`,
    groupVersions: names.map((name) =>
      readResources(JSON.parse(read('api', 'discovery', `${name}.json`)) as ApiResourceList, types),
    ),
    types: Object.fromEntries(types),
  };
}
