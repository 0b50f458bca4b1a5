/** The part of a package.json that names what a package exports: by subpath, the source in the workspace. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly publishConfig: object;
}

const Generated = './src/gen/';

/**
 * The manifest of a package with its generated modules (`apps/v1`) as subpaths, in place of those of an earlier run. Subpaths
 * written by hand stay; what is published follows from the sources.
 */
export function withSubpaths<M extends Manifest>(manifest: M, modules: Iterable<string>): M {
  const written = Object.entries(manifest.exports).filter(([, source]) => !source.startsWith(Generated));
  const generated = [...modules].map((module) => [`./${module}`, `${Generated}${module}.ts`] as const);
  const exports = Object.fromEntries([...written, ...generated].toSorted(bySubpath));
  const published = Object.entries(exports).map(([subpath, source]) => [subpath, publishedEntry(source)]);
  return {
    ...manifest,
    exports,
    publishConfig: { ...manifest.publishConfig, exports: Object.fromEntries(published) as object },
  };
}

/** The modules of group versions (`apps/v1`) and of their protobuf among the generated files of one package. */
export function modulesOf(packageName: string, files: Iterable<string>): string[] {
  const module = new RegExp(`^${packageName}/src/gen/([^/]+/[^/]+|(?:[^/]+/[^/]+/)?protobuf)\\.ts$`);
  return [...files].flatMap((file) => module.exec(file)?.[1] ?? []);
}

function publishedEntry(source: string): string | object {
  const output = /^\.\/src\/(.*)\.ts$/.exec(source)?.[1];
  return output === undefined ? source : { types: `./dist/${output}.d.ts`, default: `./dist/${output}.js` };
}

/** By name, and the manifest itself last. */
function bySubpath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  const isManifest = (subpath: string): number => Number(subpath === './package.json');
  return isManifest(a) - isManifest(b) || (a < b ? -1 : 1);
}
