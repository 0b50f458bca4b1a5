// What an import costs: bundled, minified and compressed, against a budget; and whether the bundle starts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** Budgets in bytes, minified. A tenth above what was measured: growth is to be noticed, not rounding. */
const programs = [
  {
    name: 'one descriptor',
    code: `import { deployments } from '@client-ts/api/apps/v1'; globalThis.result = deployments;`,
    budget: 400,
  },
  {
    name: 'work queue',
    code: `import { RateLimitingQueue } from '@client-ts/workqueue'; globalThis.result = RateLimitingQueue;`,
    budget: 6_000,
  },
  {
    name: 'list Deployments, one group',
    code: `import { AppsV1Client } from '@client-ts/clientset/apps/v1'; globalThis.result = (c) => new AppsV1Client(c).deployments('x').list();`,
    budget: 21_500,
  },
  {
    name: 'list Deployments, all groups',
    code: `import { Clientset } from '@client-ts/clientset'; globalThis.result = (c) => new Clientset(c).appsV1().deployments('x').list();`,
    budget: 26_500,
  },
  {
    name: 'informer factory',
    code: `import { SharedInformerFactory } from '@client-ts/informers'; import { pods } from '@client-ts/api/core/v1'; globalThis.result = (c) => new SharedInformerFactory(c).informer(pods);`,
    budget: 47_000,
  },
];

const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-size-'));
let tooLarge = 0;
try {
  console.log(`${'import'.padEnd(30)} ${'minified'.padStart(9)} ${'gzip'.padStart(8)} ${'budget'.padStart(8)}`);
  for (const { name, code, budget } of programs) {
    const outfile = path.join(folder, 'bundle.mjs');
    await build({
      stdin: { contents: code, resolveDir: path.join(root, 'tests') },
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      outfile,
      write: true,
      logLevel: 'silent',
    });
    const { size, gzip } = measure(outfile);
    writeFileSync(
      path.join(folder, 'start.mjs'),
      `await import('./bundle.mjs'); if (!globalThis.result) process.exit(1);`,
    );
    execFileSync(process.execPath, [path.join(folder, 'start.mjs')]);
    const verdict = size > budget ? '  TOO LARGE' : '';
    if (size > budget) tooLarge++;
    console.log(
      `${name.padEnd(30)} ${String(size).padStart(9)} ${String(gzip).padStart(8)} ${String(budget).padStart(8)}${verdict}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = tooLarge > 0 ? 1 : 0;

function measure(file) {
  const code = readFileSync(file);
  return { size: code.length, gzip: gzipSync(code, { level: 9 }).length };
}
