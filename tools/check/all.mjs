// All static checks, or those that are named: npm run check [-- name ...]
import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkLayers } from './layers.mjs';
import { checkPackages } from './packages.mjs';
import { checkWords } from './words.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Each rejects with what is wrong. In an order in which the quick ones come first. */
const checks = {
  format: () => run('prettier', '--check', '--log-level=warn', '.'),
  layers: async () => fail(checkLayers(root).problems),
  words: async () => fail(checkWords(root)),
  lint: () => run('oxlint', '--type-aware', '--deny-warnings', '.'),
  types: async () => {
    await run('tsc', '-b');
    await run('tsx', 'tests/readme/extract.ts');
    await run('tsc', '-p', 'tsconfig.test.json');
  },
  unused: () => run('knip', '--no-progress'),
  generated: async () => {
    await run('tsx', 'packages/codegen/src/cli.ts');
    await run(
      'git',
      'diff',
      '--exit-code',
      '--stat',
      '--',
      'packages/*/src/gen',
      'packages/*/package.json',
      'packages/codegen/schema',
    );
  },
  packages: async () => fail(await checkPackages(root)),
};

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`there is no check ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(1);
}

let failed = 0;
const chosen = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name));
for (const [name, check] of chosen) {
  const started = performance.now();
  try {
    await check();
    report('ok    ', name, started);
  } catch (error) {
    failed++;
    report('FAILED', name, started);
    console.log(String(error.message ?? error).trimEnd());
  }
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function report(outcome, name, started) {
  console.log(`${outcome} ${name.padEnd(10)} ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function fail(problems) {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Runs a program of node_modules or of the system; rejects with all that it printed. */
function run(command, ...args) {
  return new Promise((resolve, reject) => {
    const bin = path.join(root, 'node_modules', '.bin');
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, FORCE_COLOR: '0' };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(output || `${command} exited with ${code}`)),
    );
  });
}
