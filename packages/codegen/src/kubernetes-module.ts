import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** The group versions that are generated, as they are named in the module's files. */
const Documents = [
  'api__v1',
  'apis__apiextensions.k8s.io__v1',
  'apis__apps__v1',
  'apis__batch__v1',
  'apis__coordination.k8s.io__v1',
];

/** Facts about the generated group versions, and about all types that they reach. */
export function readKubernetesModule(module: KubernetesModule): Facts {
  const read = (...segments: string[]): string => readFileSync(path.join(module.directory, ...segments), 'utf8');
  const documents = Documents.map(
    (name) => JSON.parse(read('api', 'openapi-spec', 'v3', `${name}_openapi.json`)) as OpenApiDocument,
  );
  const types = addEnums(readTypes(documents), read('pkg', 'generated', 'openapi', 'zz_generated.openapi.go'));
  return {
    source: `${Module} ${module.version}`,
    groupVersions: Documents.map((name) =>
      readResources(JSON.parse(read('api', 'discovery', `${name}.json`)) as ApiResourceList, types),
    ),
    types: Object.fromEntries(types),
  };
}
