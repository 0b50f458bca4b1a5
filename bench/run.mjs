// npm run bench [-- NAME ...]: runs the benchmarks as programs run: bundled, in Node.js alone. What translates TypeScript while
// it is loaded stays in the process, names every function anew, and takes part in the collection of garbage.
import path from 'node:path';
import { build } from 'esbuild';

// Beside the sources, because they look for files from where they are.
const outfile = path.join(import.meta.dirname, 'run.built.mjs');
await build({
  entryPoints: [path.join(import.meta.dirname, 'run.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['undici', '@kubernetes/client-node', 'esbuild', 'typescript'],
  // For packages that are CommonJS.
  banner: { js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
  logLevel: 'warning',
});
await import(outfile);
