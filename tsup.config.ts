import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { defineConfig } from 'tsup';

/**
 * Packages whose main entry point is one file, with the descriptors of all resources in it: to find and read its seventy files
 * takes ten times as long as to run them. The other entry points of the package are as everywhere.
 */
const OneFile: ReadonlySet<string> = new Set(['@client-ts/clientset']);

const { name } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string };

/**
 * The one build preset; every package runs it in its own folder. One output file per module keeps `sideEffects: false`
 * effective for whole files; declarations come from the type checker (`tsc -b`), not from here.
 */
export default defineConfig({
  entry: ['src/**/*.ts', '!src/**/*.test.ts'],
  format: ['esm'],
  target: 'node20.19',
  platform: 'neutral',
  bundle: false,
  dts: false,
  sourcemap: true,
  clean: true,
  silent: true,
  onSuccess: async () => {
    if (!OneFile.has(name)) return;
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
  },
});
