// The packages as users get them: built, packed, checked by publint and are-the-types-wrong, installed and imported.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { entryPoints, importedNames, install } from './installed.mjs';

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
      const output = error.stdout === undefined ? error.message : `${error.stdout}${error.stderr}`;
      problems.push(`${what}:\n${output}`.trim());
      return undefined;
    }
  };
  const temporary = mkdtempSync(path.join(tmpdir(), 'client-ts-packages-'));
  try {
    await forEach(folders, (folder) =>
      attempt(`build ${folder}`, () => execute(bin('tsup'), ['--config', '../../tsup.config.ts'], { cwd: folder })),
    );
    await attempt('declarations', () => execute(bin('tsc'), ['-b', '--force'], { cwd: root }));

    const specifiers = [];
    await forEach(folders, async (folder) => {
      const name = path.basename(folder);
      const tarball = await attempt(`pack ${name}`, () => pack(root, folder, temporary));
      if (tarball === undefined) return;
      await attempt(`publint ${name}`, () => execute(bin('publint'), ['--strict', tarball], { cwd: folder }));
      await attempt(`attw ${name}`, () => execute(bin('attw'), ['--profile', 'esm-only', tarball], { cwd: folder }));
      const manifest = await attempt(`install ${name}`, () => install(tarball, folder, temporary));
      if (manifest !== undefined) specifiers.push(...entryPoints(manifest));
    });

    const exported = [];
    await forEach(specifiers, async (specifier) => {
      const names = await attempt(`import ${specifier}`, () => importedNames(specifier, temporary));
      if (names !== undefined) exported.push([`${specifier}:`, ...names].join(' '));
    });
    problems.push(
      ...compareExports(
        exported.toSorted((a, b) => (a < b ? -1 : 1)),
        accept,
      ),
    );
  } finally {
    rmSync(temporary, { recursive: true });
  }
  return problems;
}

/** Works on as many items at once as there are cores. */
async function forEach(items, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** With the pnpm that the project pins: it is what resolves `workspace:` and `catalog:`. */
async function pack(root, folder, destination) {
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const args = ['-y', packageManager.split('+')[0], 'pack', '--json', '--pack-destination', destination];
  const { stdout } = await execute('npx', args, { cwd: folder });
  return path.resolve(destination, JSON.parse(stdout.slice(stdout.indexOf('{'))).filename);
}

function compareExports(lines, accept) {
  if (accept) writeFileSync(exportsFile, `${lines.join('\n')}\n`);
  const committed = (existsSync(exportsFile) ? readFileSync(exportsFile, 'utf8') : '').split('\n').filter(Boolean);
  const gone = committed.filter((line) => !lines.includes(line)).map((line) => `- ${line}`);
  const come = lines.filter((line) => !committed.includes(line)).map((line) => `+ ${line}`);
  if (gone.length + come.length === 0) return [];
  return [
    `the public API changed (accept with: npm run check -- packages --accept):\n${[...gone, ...come].join('\n')}`,
  ];
}
