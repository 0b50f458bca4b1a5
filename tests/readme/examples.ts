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

/** Takes the first `ts` block out of the README of the project and of every package. */
export function extractExamples(): Example[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packages = readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  return ['README.md', ...packages].map((readme) => {
    const file = path.join(root, readme);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const code = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
    if (code === undefined) return { readme, module: undefined };
    const module = path.join(folder, `${readme.replaceAll('/', '-').replace('.md', '')}.ts`);
    writeFileSync(module, code);
    return { readme, module };
  });
}
