import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Where examples are written to as modules: below `tests/`, which may import every package. */
const folder = path.join(root, 'tests/.temp/readme');

export interface Example {
  /** Such as `packages/rest/README.md`. */
  readonly readme: string;
  /** The module with the example; absent when the README has none. */
  readonly module: string | undefined;
}

/** Takes the first `ts` block out of the README of the project, of every package, and of every example that has one. */
export function extractExamples(): Example[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const readmesOf = (parent: string): string[] =>
    readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}/README.md`);
  // An example may be one that is run in another way.
  const examples = readmesOf('examples').filter((readme) => codeOf(readme) !== undefined);
  return ['README.md', ...readmesOf('packages'), ...examples].map((readme) => {
    const code = codeOf(readme);
    if (code === undefined) return { readme, module: undefined };
    const module = examples.includes(readme)
      ? path.join(root, path.dirname(readme), '.temp/readme.ts')
      : path.join(folder, `${readme.replaceAll('/', '-').replace('.md', '')}.ts`);
    mkdirSync(path.dirname(module), { recursive: true });
    // What is beside an example's README is above its module.
    writeFileSync(module, code.replaceAll("from './", "from '../"));
    return { readme, module };
  });
}

/** The first `ts` block of a README, if it has one. */
function codeOf(readme: string): string | undefined {
  const file = path.join(root, readme);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
}
