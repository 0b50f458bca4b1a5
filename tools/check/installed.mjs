// Packed packages as a user has them: installed side by side in one node_modules, and imported by Node.js.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Unpacks a tarball into `<folder>/node_modules`, and links what it depends on from elsewhere to what the workspace has
 * installed for it.
 *
 * @param source - the package's folder in the workspace.
 * @returns the manifest that was packed.
 */
export async function install(tarball, source, folder) {
  const { name } = readJson(path.join(source, 'package.json'));
  const target = path.join(folder, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  await execute('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
  const manifest = readJson(path.join(target, 'package.json'));
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    const link = path.join(folder, 'node_modules', dependency);
    if (dependency.startsWith('@client-ts/') || existsSync(link)) continue;
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(realpathSync(path.join(source, 'node_modules', dependency)), link, 'dir');
  }
  return manifest;
}

/** What can be imported of a package: `@client-ts/rest`, `@client-ts/api/core/v1`, … */
export function entryPoints({ name, exports }) {
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
  return subpaths.filter((subpath) => exports[subpath] !== null).map((subpath) => name + subpath.slice(1));
}

/**
 * Imports one entry point in a process of its own, which has to stay as it was: no output, no globals, nothing left running.
 *
 * @returns the names that it exports.
 */
export async function importedNames(specifier, folder) {
  const script = `
    const before = Object.getOwnPropertyNames(globalThis);
    const names = Object.keys(await import(${JSON.stringify(specifier)})).sort();
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    const running = process.getActiveResourcesInfo().filter((name) => !['PipeWrap', 'TTYWrap', 'CloseReq'].includes(name));
    console.log(JSON.stringify({ names, added, running }));`;
  const { stdout, stderr } = await execute(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  const { names, added, running } = JSON.parse(stdout.trim().split('\n').at(-1));
  if (stdout.trim().includes('\n') || stderr !== '') throw new Error(`importing prints: ${stdout}${stderr}`);
  if (added.length > 0) throw new Error(`importing adds globals: ${added.join(', ')}`);
  if (running.length > 0) throw new Error(`importing leaves running: ${running.join(', ')}`);
  return names;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
