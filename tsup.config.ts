import { defineConfig } from 'tsup';

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
});
