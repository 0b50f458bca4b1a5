import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error a plain module, so that the checker runs with nothing but Node
import { checkLayers } from './layers.mjs';

type Json = Record<string, unknown>;
interface Workspace {
  /** Replaces a file of the workspace. */
  write(file: string, text: string): void;
  /** Changes a JSON file of the workspace. */
  edit(file: string, change: (json: Json) => void): void;
}

const rest = 'packages/rest/src/index.ts';
const cache = 'packages/cache/src/index.ts';
const manifest = 'packages/rest/package.json';

/** Each kind of fault, and the one line that has to be reported for it. */
const faults: readonly [string, (workspace: Workspace) => void, RegExp][] = [
  ['an import of a higher package', (w) => w.write(rest, `import '@client-ts/cache';`), /rest may not import cache/],
  [
    'a type-only import',
    (w) => w.write(rest, `import type { X } from '@client-ts/cache';`),
    /rest may not import cache/,
  ],
  ['a re-export', (w) => w.write(rest, `export { x } from '@client-ts/cache';`), /rest may not import cache/],
  [
    'an import() type',
    (w) => w.write(rest, `export type X = import('@client-ts/cache').X;`),
    /rest may not import cache/,
  ],
  [
    'a dynamic import',
    (w) => w.write(rest, `export const x = () => import('@client-ts/cache');`),
    /rest may not import cache/,
  ],
  ['an undeclared dependency', (w) => w.write(rest, `import 'undici';`), /undici is not declared/],
  [
    'a declared dependency that is not used',
    (w) => w.edit(manifest, (json) => (json['dependencies'] = { ...(json['dependencies'] as Json), ws: '^8' })),
    /ws is declared and not used/,
  ],
  [
    'a dependency that the layers forbid',
    (w) =>
      w.edit(
        manifest,
        (json) => (json['dependencies'] = { ...(json['dependencies'] as Json), '@client-ts/cache': 'workspace:^' }),
      ),
    /rest may not depend on cache/,
  ],
  [
    'a deep import',
    (w) => w.write(cache, `import '@client-ts/apimachinery/src/object.js';`),
    /is no entry point of apimachinery/,
  ],
  [
    'a relative import that leaves the package',
    (w) => w.write(cache, `import '../../rest/src/index.js';`),
    /leaves the package/,
  ],
  [
    'an import of a file that is not there',
    (w) => w.write(cache, `import './nothing.js';`),
    /nothing\.js does not exist/,
  ],
  ['an import of oneself by name', (w) => w.write(cache, `import '@client-ts/cache';`), /is this package itself/],
  [
    'a cycle within a package',
    (w) => {
      w.write(cache, `import './other.js';`);
      w.write('packages/cache/src/other.ts', `import './index.js';`);
    },
    /cycle: .*index\.ts → .*other\.ts → /,
  ],
  ['a node: import in a neutral package', (w) => w.write(cache, `import 'node:fs';`), /node:fs is Node's own/],
  ['a bare builtin in a neutral package', (w) => w.write(cache, `import 'fs/promises';`), /fs\/promises is Node's own/],
  [
    'a layer that is no lower one',
    (w) =>
      w.edit(
        'layers.json',
        (json) => ((json['levels'] as Record<string, string[]>[])[0] = { apimachinery: ['cache'] }),
      ),
    /apimachinery \(level 0\) may not import cache/,
  ],
  [
    'a package that layers.json does not know',
    (w) => w.write('packages/stray/package.json', '{}'),
    /package stray is missing/,
  ],
  [
    'a package of layers.json that is not there',
    (w) =>
      w.edit(
        'layers.json',
        (json) => ((json['levels'] as Record<string, string[]>[])[0] = { apimachinery: [], ghost: [] }),
      ),
    /there is no package ghost/,
  ],
  [
    'project references unlike the dependencies',
    (w) => w.edit('packages/rest/tsconfig.json', (json) => (json['references'] = [])),
    /references are \[\], dependencies are \[apimachinery\]/,
  ],
  [
    'published exports unlike the sources',
    (w) => w.edit(manifest, (json) => (json['publishConfig'] = { exports: {} })),
    /does not mirror exports/,
  ],
  ['no README', () => rmSync(path.join(root, 'packages/rest/README.md')), /rest: README\.md is missing/],
  ['no description', (w) => w.edit(manifest, (json) => delete json['description']), /description is missing/],
  [
    'nothing to look at',
    () => {
      rmSync(path.join(root, 'packages'), { recursive: true });
      mkdirSync(path.join(root, 'packages'));
    },
    /no source file was looked at/,
  ],
];

let root: string;
let workspace: Workspace;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'client-ts-layers-'));
  workspace = {
    write(file, text) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    },
    edit(file, change) {
      const json = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Json;
      change(json);
      workspace.write(file, JSON.stringify(json));
    },
  };
  workspace.write('package.json', '{}');
  workspace.write(
    'layers.json',
    JSON.stringify({
      levels: [{ apimachinery: [] }, { rest: ['apimachinery'] }, { cache: ['apimachinery'] }],
      node: [],
      nodeSubpaths: ['cache/node'],
    }),
  );
  addPackage('apimachinery', [], 'export const x = 1;');
  addPackage('rest', ['apimachinery'], `import '@client-ts/apimachinery';`);
  addPackage('cache', ['apimachinery'], `import '@client-ts/apimachinery';`);
  workspace.write('packages/cache/src/node.ts', `import 'node:fs';`);
});

afterEach(() => rmSync(root, { recursive: true }));

function addPackage(name: string, dependencies: readonly string[], source: string): void {
  workspace.write(`packages/${name}/src/index.ts`, source);
  workspace.write(`packages/${name}/README.md`, `# ${name}`);
  workspace.write(
    `packages/${name}/tsconfig.json`,
    JSON.stringify({ references: dependencies.map((other) => ({ path: `../${other}` })) }),
  );
  workspace.write(
    `packages/${name}/package.json`,
    JSON.stringify({
      name: `@client-ts/${name}`,
      description: name,
      license: 'Apache-2.0',
      exports: { '.': './src/index.ts' },
      dependencies: Object.fromEntries(dependencies.map((other) => [`@client-ts/${other}`, 'workspace:^'])),
      publishConfig: { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } },
    }),
  );
}

function check(): { problems: string[]; files: number } {
  return checkLayers(root);
}

test('a workspace that keeps to its layers has no problems', () => {
  expect(check()).toEqual({ problems: [], files: 4 });
});

test.each(faults)('finds %s', (_, inject, message) => {
  inject(workspace);
  expect(check().problems).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
});

test('test files may use what package.json declares for development, and nothing else', () => {
  workspace.write('packages/cache/src/x.test.ts', `import 'node:fs'; import '@client-ts/rest';`);
  workspace.write('packages/cache/src/x.test.kit.ts', `import 'node:fs';`);
  expect(check().problems).toEqual([expect.stringMatching(/@client-ts\/rest is not declared/)]);
  workspace.edit(
    'packages/cache/package.json',
    (json) => (json['devDependencies'] = { '@client-ts/rest': 'workspace:^' }),
  );
  expect(check().problems).toEqual([]);
});
