import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');
const Scope = '@client-ts/';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: unknown };
}

/**
 * Builds packages of this project, and those that they depend on, into `<folder>/node_modules`: the same files as in what
 * is published, with the same entry points.
 */
export async function installPackages(names: readonly string[], folder: string): Promise<void> {
  const wanted = new Set(names);
  for (const name of wanted) {
    const source = path.join(root, 'packages', name.slice(Scope.length));
    const { publishConfig, ...manifest } = JSON.parse(
      readFileSync(path.join(source, 'package.json'), 'utf8'),
    ) as Manifest;
    const target = path.join(folder, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }));
    const args = ['--config', '../../tsup.config.ts', '--out-dir', path.join(target, 'dist')];
    await execute(path.join(root, 'node_modules/.bin/tsup'), args, { cwd: source });
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (dependency.startsWith(Scope)) wanted.add(dependency);
      else linkInstalled(dependency, source, folder);
    }
  }
}

/** Links what is installed for a folder of the workspace. */
export function linkInstalled(name: string, source: string, folder: string): void {
  const link = path.join(folder, 'node_modules', name);
  if (existsSync(link)) return;
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(realpathSync(path.join(source, 'node_modules', name)), link, 'dir');
}
