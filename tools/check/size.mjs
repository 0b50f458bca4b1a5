// What an import costs: bundled, minified and compressed, against a budget; and whether the bundle starts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Budgets in bytes, minified and compressed: what the whole thing may cost, or a little above what was measured. To list pods was
 * meant to cost 25,000 and 9,000; the REST client alone is more than that since it reads lists item by item.
 */
const programs = [
  {
    name: 'one descriptor',
    code: `import { deployments } from '@client-ts/api/apps/v1'; globalThis.result = deployments;`,
    budget: [400, 300],
  },
  {
    name: 'work queue',
    code: `import { RateLimitingQueue } from '@client-ts/workqueue'; globalThis.result = RateLimitingQueue;`,
    budget: [6_000, 2_200],
  },
  {
    name: 'list Pods, descriptor',
    code: `import { pods } from '@client-ts/api/core/v1'; import { restClientFor } from '@client-ts/rest'; globalThis.result = (c) => restClientFor(c).resource(pods, 'x').list();`,
    budget: [30_000, 11_500],
  },
  {
    name: 'list Pods, one group',
    code: `import { CoreV1Client } from '@client-ts/clientset/core/v1'; globalThis.result = (c) => new CoreV1Client(c).pods('x').list();`,
    budget: [35_500, 13_000],
  },
  {
    name: 'list Deployments, one group',
    code: `import { AppsV1Client } from '@client-ts/clientset/apps/v1'; globalThis.result = (c) => new AppsV1Client(c).deployments('x').list();`,
    budget: [31_500, 11_800],
  },
  {
    name: 'list Pods, all groups',
    code: `import { Clientset } from '@client-ts/clientset'; globalThis.result = (c) => new Clientset(c).coreV1().pods('x').list();`,
    budget: [60_000, 18_000],
  },
  {
    name: 'informer factory',
    code: `import { SharedInformerFactory } from '@client-ts/informers'; import { pods } from '@client-ts/api/core/v1'; globalThis.result = (c) => new SharedInformerFactory(c).informer(pods);`,
    budget: [64_500, 22_500],
  },
];

const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-size-'));
let tooLarge = 0;
try {
  console.log(row('import', 'minified', 'gzip', 'budgets'));
  for (const { name, code, budget } of programs) {
    const outfile = path.join(folder, 'bundle.mjs');
    await build({
      stdin: { contents: code, resolveDir: path.join(root, 'tests') },
      bundle: true,
      minify: true,
      format: 'esm',
      external: ['undici'],
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
    const fits = size <= budget[0] && gzip <= budget[1];
    if (!fits) tooLarge++;
    console.log(row(name, size, gzip, budget.join(' ')) + (fits ? '' : '  TOO LARGE'));
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = tooLarge > 0 ? 1 : 0;

function row(name, size, gzip, budgets) {
  return `${name.padEnd(30)} ${String(size).padStart(9)} ${String(gzip).padStart(8)} ${budgets.padStart(14)}`;
}

function measure(file) {
  const code = readFileSync(file);
  return { size: code.length, gzip: gzipSync(code, { level: 9 }).length };
}
