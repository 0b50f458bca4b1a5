// The packages as users get them: built, packed, checked by publint and are-the-types-wrong, and imported.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Where the names are kept that each entry point exports; a change of it is a change of the public API. */
const exportsFile = path.join(import.meta.dirname, 'exports.txt');

/** @returns what is wrong, a few lines for each package. */
export async function checkPackages(root, accept = process.argv.includes('--accept')) {
  const bin = (name) => path.join(root, 'node_modules', '.bin', name);
  const folders = readdirSync(path.join(root, 'packages')).map((name) => path.join(root, 'packages', name));
  const problems = [];
  const attempt = async (what, work) => {
    try {
      return await work();
    } catch (error) {
      problems.push(
        `${what}:\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout === undefined ? error.message : ''}`.trim(),
      );
      return undefined;
    }
  };
  const tarballs = mkdtempSync(path.join(tmpdir(), 'client-ts-packages-'));
  const exported = [];
  try {
    for (const folder of folders)
      await attempt(`build ${folder}`, () =>
        execute(bin('tsup'), ['--config', '../../tsup.config.ts'], { cwd: folder }),
      );
    await attempt('declarations', () => execute(bin('tsc'), ['-b', '--force'], { cwd: root }));
    for (const folder of folders) {
      const { name, exports: entryPoints } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const tarball = await attempt(`pack ${name}`, () => pack(root, folder, tarballs));
      if (tarball === undefined) continue;
      await attempt(`publint ${name}`, () => execute(bin('publint'), ['--strict', tarball], { cwd: folder }));
      await attempt(`attw ${name}`, () => execute(bin('attw'), ['--profile', 'esm-only', tarball], { cwd: folder }));
      for (const [subpath, source] of Object.entries(entryPoints)) {
        if (subpath === './package.json') continue;
        const built = path.join(folder, source.replace('./src/', './dist/').replace(/\.ts$/, '.js'));
        const names = await attempt(`import ${name}${subpath.slice(1)}`, () => importedNames(built));
        exported.push(`${name}${subpath.slice(1)}: ${names?.join(' ')}`);
      }
    }
  } finally {
    rmSync(tarballs, { recursive: true });
  }
  problems.push(...compareExports(exported.toSorted(), accept));
  return problems;
}

/** With the pnpm that the project pins: it is what resolves `workspace:` and `catalog:`. */
async function pack(root, folder, destination) {
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const args = ['-y', packageManager.split('+')[0], 'pack', '--json', '--pack-destination', destination];
  const { stdout } = await execute('npx', args, { cwd: folder });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename;
}

/** Imports a module in a process of its own, which has to stay as it was: no output, no globals, nothing left running. */
async function importedNames(file) {
  const script = `
    const before = Object.getOwnPropertyNames(globalThis);
    const names = Object.keys(await import(${JSON.stringify(pathToFileURL(file).href)})).sort();
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    const running = process.getActiveResourcesInfo().filter((name) => !['PipeWrap', 'TTYWrap', 'CloseReq'].includes(name));
    console.log(JSON.stringify({ names, added, running }));`;
  const { stdout, stderr } = await execute(
    process.execPath,
    ['--conditions=none', '--input-type=module', '-e', script],
    { timeout: 20_000 },
  );
  const { names, added, running } = JSON.parse(stdout.trim().split('\n').at(-1));
  if (stdout.trim().includes('\n') || stderr !== '') throw new Error(`importing prints: ${stdout}${stderr}`);
  if (added.length > 0) throw new Error(`importing adds globals: ${added.join(', ')}`);
  if (running.length > 0) throw new Error(`importing leaves running: ${running.join(', ')}`);
  return names;
}

function compareExports(lines, accept) {
  const text = `${lines.join('\n')}\n`;
  if (accept) writeFileSync(exportsFile, text);
  const committed = readFileSync(exportsFile, 'utf8').split('\n').filter(Boolean);
  const gone = committed.filter((line) => !lines.includes(line)).map((line) => `- ${line}`);
  const come = lines.filter((line) => !committed.includes(line)).map((line) => `+ ${line}`);
  if (gone.length + come.length === 0) return [];
  return [
    `the public API changed (accept with: npm run check -- packages --accept):\n${[...gone, ...come].join('\n')}`,
  ];
}
