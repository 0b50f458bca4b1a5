// What an import costs: bundled, minified and compressed, against a budget and against the table in README.md; and whether
// the bundle starts.
//
//   node tools/check/size.mjs          fails when a bundle is too large, or the table out of date
//   node tools/check/size.mjs --write  brings the table up to date
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { programs } from './size-programs.mjs';
import { isUpToDate, sizeTable, withTable } from './size-table.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const readme = path.join(root, 'README.md');

const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-size-'));
const measured = [];
let problems = 0;
try {
  console.log(row('import', 'minified', 'gzip', 'budgets'));
  for (const { name, code, budget } of programs) {
    const size = await measure(code);
    measured.push({ name, ...size });
    const fits = size.minified <= budget[0] && size.gzip <= budget[1];
    if (!fits) problems++;
    console.log(row(name, size.minified, size.gzip, budget.join(' ')) + (fits ? '' : '  TOO LARGE'));
  }
} finally {
  rmSync(folder, { recursive: true });
}

const text = readFileSync(readme, 'utf8');
if (process.argv.includes('--write')) {
  writeFileSync(readme, withTable(text, sizeTable(measured)));
} else if (!isUpToDate(text, measured)) {
  problems++;
  console.log('README.md: the table of sizes is out of date: npm run size -- --write');
}
process.exitCode = problems > 0 ? 1 : 0;

async function measure(code) {
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
  const start = path.join(folder, 'start.mjs');
  writeFileSync(
    start,
    `await import(${JSON.stringify(pathToFileURL(outfile))}); if (!globalThis.result) process.exit(1);`,
  );
  execFileSync(process.execPath, [start]);
  const bundle = readFileSync(outfile);
  return { minified: bundle.length, gzip: gzipSync(bundle, { level: 9 }).length };
}

function row(name, minified, gzip, budgets) {
  return `${name.padEnd(54)} ${String(minified).padStart(9)} ${String(gzip).padStart(8)} ${budgets.padStart(14)}`;
}
