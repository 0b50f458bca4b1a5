import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseYaml } from '@client-ts/serializer/yaml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from './command-line.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'codegen-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const definition = (group: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.${group} }
spec:
  group: ${group}
  names: { kind: Thing, plural: things }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true }]
`;

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function run(...args: string[]): { code: number; out: string; error: string } {
  const result = { out: '', error: '' };
  const code = runCommand(args, {
    out: (text) => {
      result.out += text;
    },
    error: (text) => {
      result.error += text;
    },
  });
  return { code, ...result };
}

test('one module goes to standard output', () => {
  const { code, out, error } = run('--crd', write('a.yaml', definition('example.com')));
  expect([code, error]).toEqual([0, '']);
  expect(out).toContain("export const things: ResourceDescriptor<Thing, ThingApplyConfiguration, 'Namespaced'>");
});

test('modules go into a directory, by group and version', () => {
  const first = write('a.yaml', `${definition('example.com')}---${definition('example.org')}---\nkind: Service\n`);
  const out = path.join(folder, 'gen');
  expect(run('--crd', first, '--crd', write('b.yaml', definition('b.example.com')), '--out', out).code).toBe(0);
  expect(readdirSync(out)).toEqual(['b.example.com', 'example.com', 'example.org']);
  expect(readFileSync(path.join(out, 'example.org', 'v1.ts'), 'utf8')).toContain("group: 'example.org'");
});

test('a dash is standard input', () => {
  const bin = path.join(import.meta.dirname, 'bin.ts');
  const input = JSON.stringify({ kind: 'List', items: [parseYaml(definition('example.com'))] });
  const out = execFileSync(process.execPath, ['--import', 'tsx', bin, '--crd', '-'], { input, encoding: 'utf8' });
  expect(out).toContain("group: 'example.com'");
});

test('help tells how', () => {
  expect(run('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('usage: client-ts-codegen --crd FILE') as string,
  });
});

test.each<[string, () => string[], string]>([
  ['no argument', () => [], 'expected --crd FILE'],
  ['an unknown option', () => ['--cdr', 'x'], "Unknown option '--cdr'"],
  ['a file that is not there', () => ['--crd', path.join(folder, 'none')], 'none: ENOENT'],
  ['a file that is no YAML', () => ['--crd', write('a.yaml', 'a: 1\na: 2')], 'a.yaml: '],
  [
    'a file without definitions',
    () => ['--crd', write('a.yaml', 'kind: Pod')],
    'there is no CustomResourceDefinition in it',
  ],
  [
    'several modules and no directory',
    () => ['--crd', write('a.yaml', `${definition('example.com')}---${definition('example.org')}`)],
    '2 modules need --out DIRECTORY: example.com/v1.ts, example.org/v1.ts',
  ],
  [
    'a group that leads elsewhere',
    () => ['--crd', write('a.yaml', definition('../../x')), '--out', folder],
    'cannot be part of a path',
  ],
])('%s is told on the error output', (_what, args, message) => {
  const { code, out, error } = run(...args());
  expect([code, out]).toEqual([1, '']);
  expect(error).toContain(message);
});
