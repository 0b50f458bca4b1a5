import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newInternalError } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { expect, test } from 'vitest';
import { describeFailure } from '../../examples/kubectl-lite/failure.js';
import { main } from '../../examples/kubectl-lite/main.js';
import { TabWriter } from '../../examples/kubectl-lite/printing/tab-writer.js';
import { wordsOf } from './read-cases.js';

type Outcome = [code: number, stdout: string, stderr: string];

/** A server in memory, and a kubeconfig for it. */
class Cluster implements AsyncDisposable {
  readonly #directory: string;
  readonly #close: () => Promise<void>;

  private constructor(directory: string, close: () => Promise<void>) {
    this.#directory = directory;
    this.#close = close;
  }

  static async of(server: ApiServer): Promise<Cluster> {
    const listener = await listen(server);
    const directory = await mkdtemp(path.join(tmpdir(), 'kubectl-lite-'));
    await writeFile(path.join(directory, 'config'), listener.kubeconfig());
    return new Cluster(directory, async () => listener[Symbol.asyncDispose]());
  }

  async run(line: string, stdin = ''): Promise<Outcome> {
    let stdout = '';
    let stderr = '';
    const code = await main(
      [...wordsOf(line), ...(line === '' ? [] : ['--kubeconfig', path.join(this.#directory, 'config')])],
      {
        stdout: (text) => void (stdout += text),
        stderr: (text) => void (stderr += text),
        stdin: () => Promise.resolve(stdin),
        env: {},
        signal: new AbortController().signal,
      },
    );
    return [code, stdout, stderr];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await rm(this.#directory, { recursive: true });
  }
}

test('works with a server in memory', async () => {
  await using server = new ApiServer();
  await using cluster = await Cluster.of(server);
  const run = (line: string, stdin?: string): Promise<Outcome> => cluster.run(line, stdin);
  const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app: web}}\ndata: {x: "1"}\n';
  expect(await run('apply --server-side -f -', manifest)).toEqual([0, 'configmap/a serverside-applied\n', '']);
  expect(await run('get cm -o custom-columns=NAME:.metadata.name,X:.data.x')).toEqual([0, 'NAME   X\na      1\n', '']);
  expect(await run('get cm -L app --no-headers')).toEqual([0, expect.stringMatching(/^a {5}1 {5}\d+s +web\n$/), '']);
  expect(await run('wait cm/a --for=jsonpath={.data.x}=1')).toEqual([0, 'configmap/a condition met\n', '']);
  expect(await run('delete cm -l app=web')).toEqual([0, 'configmap "a" deleted from default namespace\n', '']);
  expect(await run('get cm')).toEqual([0, '', 'No resources found in default namespace.\n']);
  expect(await run('get cm a')).toEqual([1, '', 'Error from server (NotFound): configmaps "a" not found\n']);
  expect(await run('edit')).toEqual([1, '', 'error: unknown command "edit" for "kubectl-lite"\n']);
  expect((await run('')).slice(0, 1)).toEqual([0]);
});

const Hostile = '\u001b[2Jall is well\r';
const Harmless = String.raw`^[[2Jall is well\r`;

test('what a server says does not control the terminal', async () => {
  await using server = new ApiServer();
  await using cluster = await Cluster.of(server);
  const schema = {
    type: 'object',
    description: Hostile,
    properties: { text: { type: 'string', description: Hostile } },
  };
  const names = { plural: 'toys', singular: 'toy', kind: 'Toy' };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'toys.example.com' },
    spec: {
      group: 'example.com',
      names,
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          deprecated: true,
          deprecationWarning: Hostile,
          schema: { openAPIV3Schema: schema },
          additionalPrinterColumns: [{ name: Hostile, type: 'string', jsonPath: '.text' }],
        },
      ],
    },
  };
  const toy = { apiVersion: 'example.com/v1', kind: 'Toy', metadata: { name: 'a' }, text: Hostile };
  await cluster.run('apply --server-side -f -', JSON.stringify(crd));
  await cluster.run('wait crd/toys.example.com --for=condition=Established');
  await cluster.run('apply --server-side -f -', JSON.stringify(toy));
  const said: (string | number)[][] = [];
  for (const line of [
    'get toys',
    'get toys -o custom-columns=X:.text',
    'explain toys',
    'explain toys.text',
    'get toys -o yaml',
  ]) {
    said.push(await cluster.run(line));
  }
  for (const text of said.flat().map(String)) expect(text.includes('\u001b') || text.includes('\r')).toBe(false);
  expect(said.map(([, stdout]) => String(stdout).split('^[[2J').length > 1)).toEqual([true, true, true, true, false]);
  // Templates are for programs.
  expect((await cluster.run('get toy a -o jsonpath={.text}'))[1]).toBe(Hostile);
  const failure = describeFailure(newInternalError(Hostile));
  expect(failure).toBe(`Error from server (InternalError): Internal error occurred: ${Harmless}\n`);
});

test('columns end where a line has no cell, and never become narrower', () => {
  let written = '';
  const writer = new TabWriter((text) => void (written += text));
  writer.write('a\tb\nlong cell\tb\n\nx\ty\n');
  writer.flush();
  writer.write('z\ty\n');
  writer.flush();
  writer.forgetWidths();
  writer.write('z\t\n\ty\n');
  writer.flush();
  expect(written.split('\n')).toEqual([
    'a           b',
    'long cell   b',
    '',
    'x           y',
    'z           y',
    'z     ',
    '      y',
    '',
  ]);
});
