import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { defineConfig, type Options } from 'tsup';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const { name, exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** Their entry points, one for each version of an API group, are files of one piece already, and share next to nothing. */
const Generated: ReadonlySet<string> = new Set(['@client-ts/api', '@client-ts/clientset']);

const common: Options = {
  format: ['esm'],
  target: 'node20.19',
  platform: 'neutral',
  // Declarations come from the type checker (`tsc -b`).
  dts: false,
  sourcemap: true,
  clean: true,
  silent: true,
};

/**
 * One file for each entry point, and chunks for what they share or load later: so a class is the same one wherever it is imported
 * from. To find and read a file takes Node.js 0.25 ms, which two hundred of them made two thirds of the time of an import. A
 * bundler leaves out of such a file what is not used as it did out of many: it goes by statements, and these have no side effects.
 */
const entryPoints: Options = {
  ...common,
  entry: [
    ...Object.values(exports).filter((file) => file.endsWith('.ts')),
    ...Object.values(bin).map((file) => file.replace('dist/', 'src/').replace(/\.js$/, '.ts')),
  ],
  bundle: true,
  splitting: true,
  external: [/^node:/],
  // Other runtimes know Node's modules by that name alone.
  removeNodeProtocol: false,
};

const files: Options = {
  ...common,
  entry: ['src/**/*.ts', '!src/**/*.test.ts'],
  bundle: false,
  ...(name === '@client-ts/clientset' ? { onSuccess: bundleAllGroups } : {}),
};

/** The one build preset; every package runs it in its own folder. */
export default defineConfig(Generated.has(name) ? files : entryPoints);

/** The descriptors of all resources come with the main entry point: seventy files, which take ten times as long to find as to run. */
async function bundleAllGroups(): Promise<void> {
  await build({
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    bundle: true,
    external: ['@client-ts/apimachinery', '@client-ts/rest'],
    format: 'esm',
    target: 'node20.19',
    platform: 'neutral',
    sourcemap: true,
    sourcesContent: false,
  });
}
