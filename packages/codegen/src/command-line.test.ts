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

async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const result = { out: '', error: '' };
  const code = await runCommand(args, {
    out: (text) => {
      result.out += text;
    },
    error: (text) => {
      result.error += text;
    },
  });
  return { code, ...result };
}

test('one module goes to standard output', async () => {
  const { code, out, error } = await run('--crd', write('a.yaml', definition('example.com')));
  expect([code, error]).toEqual([0, '']);
  expect(out).toContain("export const things: ResourceDescriptor<Thing, ThingApplyConfiguration, 'Namespaced'>");
});

test('modules go into a directory, by group and version', async () => {
  const first = write('a.yaml', `${definition('example.com')}---${definition('example.org')}---\nkind: Service\n`);
  const out = path.join(folder, 'gen');
  const { code } = await run('--crd', first, '--crd', write('b.yaml', definition('b.example.com')), '--out', out);
  expect(code).toBe(0);
  expect(readdirSync(out)).toEqual(['b.example.com', 'example.com', 'example.org']);
  expect(readFileSync(path.join(out, 'example.org', 'v1.ts'), 'utf8')).toContain("group: 'example.org'");
});

test('a dash is standard input', () => {
  const bin = path.join(import.meta.dirname, 'bin.ts');
  const input = JSON.stringify({ kind: 'List', items: [parseYaml(definition('example.com'))] });
  const out = execFileSync(process.execPath, ['--import', 'tsx', bin, '--crd', '-'], { input, encoding: 'utf8' });
  expect(out).toContain("group: 'example.com'");
});

test('help tells how', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('usage: client-ts-codegen (--crd FILE |') as string,
  });
});

test.each<[string, () => string[], string]>([
  ['no argument', () => [], 'expected --crd, --openapi or --kubeconfig'],
  ['an unknown option', () => ['--cdr', 'x'], "Unknown option '--cdr'"],
  ['a file that is not there', () => ['--crd', path.join(folder, 'none')], 'none: ENOENT'],
  ['a file that is no YAML', () => ['--crd', write('a.yaml', 'a: 1\na: 2')], 'a.yaml: '],
  [
    'a file without definitions',
    () => ['--crd', write('a.yaml', 'kind: Pod')],
    'there is no CustomResourceDefinition in it',
  ],
  ['a group that is not there', () => ['--crd', write('a.yaml', definition('a.io')), '--group', 'b.io'], 'no resource'],
  [
    'a document that is none',
    () => ['--openapi', write('a.json', '{"swagger":"2.0"}')],
    'expected an OpenAPI v3 document',
  ],
  ['a document that is no JSON', () => ['--openapi', write('a.json', '{"openapi":')], 'a.json: '],
  [
    'a URL with credentials',
    () => ['--openapi', 'https://me:s3cr3t@127.0.0.1/openapi/v3'],
    'a URL without credentials',
  ],
  [
    'a server that is not there',
    () => ['--openapi', 'http://127.0.0.1:1/openapi/v3'],
    'http://127.0.0.1:1/openapi/v3: ',
  ],
  ['a context of no kubeconfig', () => ['--openapi', 'x', '--context', 'a'], '--context needs --kubeconfig'],
  ['a kubeconfig that is not there', () => ['--kubeconfig', path.join(folder, 'none')], 'none'],
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
])('%s is told on the error output', async (_what, args, message) => {
  const { code, out, error } = await run(...args());
  expect([code, out]).toEqual([1, '']);
  expect(error).toContain(message);
});
