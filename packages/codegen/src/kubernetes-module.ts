import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addEnums } from './read-enums.js';
import { FactsError, type Facts } from './facts.js';
import { type ApiResourceList, readResources } from './read-discovery.js';
import { addGoFacts, goPackageOf } from './read-go-fields.js';
import { type OpenApiDocument, readTypes } from './read-openapi.js';
import { type ProtobufPackage, readMessages } from './read-protobuf.js';
import { checkFixUps } from './spec-fix-ups.js';

const Module = 'k8s.io/kubernetes';

/** The modules that hold the types of the built-in APIs. */
const TypeModules = ['k8s.io/api', 'k8s.io/apiextensions-apiserver', 'k8s.io/apimachinery', 'k8s.io/kube-aggregator'];

/** What answers consist of beside the types of resources; the documents do not have them. */
const Representations = ['PartialObjectMetadata'].map((name) => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`);

/** Where one release of Kubernetes is, as Go modules. */
export interface KubernetesModule {
  readonly directory: string;
  /** `v1.37.2` */
  readonly version: string;
  /** Directories of the modules with the Go source of types, by their path. */
  readonly types: ReadonlyMap<string, string>;
}

/**
 * The modules that a `go.mod` requires, from Go's module cache; Go downloads them where they are missing.
 *
 * @throws FactsError when there is no Go, or no module.
 */
export function findKubernetesModule(goModDirectory: string): KubernetesModule {
  try {
    const output = execFileSync('go', ['mod', 'download', '-json', Module, ...TypeModules], {
      cwd: goModDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const modules = JSON.parse(`[${output.trim().replaceAll(/\}\s*\{/g, '},{')}]`) as GoModule[];
    const kubernetes = modules.find((module) => module.Path === Module);
    if (!kubernetes) throw new FactsError(`${goModDirectory}/go.mod does not require ${Module}`);
    const types = modules.filter((module) => module !== kubernetes).map(({ Path, Dir }) => [Path, Dir] as const);
    return { directory: kubernetes.Dir, version: kubernetes.Version, types: new Map(types) };
  } catch (cause) {
    throw new FactsError(`${Module} is not available as a Go module`, { cause });
  }
}

interface GoModule {
  readonly Path: string;
  readonly Version: string;
  readonly Dir: string;
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
  const documented = readTypes(documents);
  checkFixUps(documented);
  const enumerated = addEnums(documented, read('pkg', 'generated', 'openapi', 'zz_generated.openapi.go'));
  const types = addGoFacts(enumerated, (goPackage) => sourcesOf(module, goPackage));
  const messages = readMessages([...types.keys(), ...Representations], (name) => protobufOf(module, name));
  return {
    source: `${Module} ${module.version}`,
    groupVersions: names.map((name) =>
      readResources(JSON.parse(read('api', 'discovery', `${name}.json`)) as ApiResourceList, types),
    ),
    types: Object.fromEntries(types),
    messages: Object.fromEntries(messages),
  };
}

/** The protobuf definitions of a Go package, by the prefix of the names of its types. */
function protobufOf(module: KubernetesModule, prefix: string): ProtobufPackage | undefined {
  const goPackage = goPackageOf(prefix);
  const folder = folderOf(module, goPackage);
  const file = folder === undefined ? '' : path.join(folder, 'generated.proto');
  if (!existsSync(file)) return undefined;
  return { definitions: readFileSync(file, 'utf8'), goSources: sourcesOf(module, goPackage) };
}

/** The handwritten source of a Go package; nothing for one of another module. */
function sourcesOf(module: KubernetesModule, goPackage: string): string[] {
  const folder = folderOf(module, goPackage);
  if (folder === undefined) return [];
  return readdirSync(folder)
    .filter((file) => /(?<!_test|\.pb)\.go$/.test(file) && !file.startsWith('zz_generated'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
}

function folderOf({ types }: KubernetesModule, goPackage: string): string | undefined {
  const [module, directory] = [...types].find(([name]) => goPackage.startsWith(`${name}/`)) ?? [];
  return module === undefined || directory === undefined
    ? undefined
    : path.join(directory, goPackage.slice(module.length));
}
