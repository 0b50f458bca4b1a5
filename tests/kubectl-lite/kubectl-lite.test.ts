import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { Environment } from '@client-ts/envtest';
import { parseYaml } from '@client-ts/serializer/yaml';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { Both, type RunOptions } from './both.js';
import { foldedCases, readCases, wordsOf } from './read-cases.js';
import { type Step, stories } from './stories.js';
import { watchedCases } from './watched-cases.js';
import { clusterObjects, gadgets } from './world.js';
import { World } from './populate.js';

const root = path.resolve(import.meta.dirname, '../..');

/** Command lines that are run at the same time: most of what kubectl does is to wait for the server. */
const AtOnce = 4;

describeReal(
  'kubectl-lite beside kubectl',
  ['etcd', 'kubeApiserver', 'kubectl'],
  ({ kubectl }) => {
    let environment: Environment;
    let world: World;
    let both: Both;
    let directory: string;

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'kubectl-lite-'));
      environment = await Environment.start({ version: '1.37', crds: [gadgets] });
      world = new World(environment.config);
      both = await Both.create(kubectl, environment.kubeconfig);
      for (const object of clusterObjects) await world.create(object);
    });
    afterAll(async () => {
      await both?.[Symbol.asyncDispose]();
      await environment?.[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    });

    test('prints the same, and fails alike', async () => {
      await world.populate('shop');
      const file = path.join(directory, 'settings.yaml');
      await writeFile(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  mode: slow\n');
      const lines = Object.values(readCases).flat();
      const left = lines.values();
      const expected: Record<string, object> = {};
      const actual: Record<string, object> = {};
      async function work(): Promise<void> {
        for (const line of left) {
          const words = wordsOf(line.replaceAll('{file}', file));
          const options = words.includes('-n') ? {} : { namespace: 'shop' };
          [expected[line], actual[line]] = await Promise.all([both.theirs(words, options), both.ours(words, options)]);
        }
      }
      await Promise.all(Array.from({ length: AtOnce }, work));
      expect(actual).toEqual(expected);
      expect(lines.length).toBeGreaterThan(100);
    }, 120_000);

    test('writes the same YAML, in longer lines', async () => {
      await world.populate('folded');
      for (const line of foldedCases) {
        const [theirs, ours] = await Promise.all(
          (['theirs', 'ours'] as const).map((name) => both[name](wordsOf(line), { namespace: 'folded' })),
        );
        expect(parseYaml(ours!.stdout)).toEqual(parseYaml(theirs!.stdout));
      }
    }, 60_000);

    test.for(Object.keys(stories))('tells the same story: %s', { timeout: 60_000 }, async (name) => {
      async function tell(
        run: (words: readonly string[], options: RunOptions) => Promise<object>,
        namespace: string,
      ): Promise<object[]> {
        await world.populate(namespace);
        const told: object[] = [];
        for (const step of stories[name] ?? []) told.push({ step, ...(await run(...callOf(step, namespace))) });
        return told;
      }
      const place = name.replaceAll(' ', '-');
      const [theirs, ours] = await Promise.all([
        tell((...call) => both.theirs(...call), `${place}-theirs`),
        tell((...call) => both.ours(...call), `${place}-ours`),
      ]);
      expect(ours).toEqual(theirs);
    });

    test('sees the same happen', async () => {
      const namespace = 'watched';
      await world.populate(namespace);
      const before = await world.watches('gadgets');
      const watching = watchedCases.map((line) => ({
        line,
        theirs: both.startTheirs(wordsOf(line), { namespace }),
        ours: both.startOurs(wordsOf(line), { namespace }),
      }));
      try {
        const began = async (): Promise<void> =>
          expect(await world.watches('gadgets')).toBe(before + 2 * watching.length);
        await vi.waitFor(began, { timeout: 20_000, interval: 200 });
        const resource = await world.gadgets(namespace);
        await resource.patch('plain', { type: 'merge', patch: { spec: { text: 'changed', replicas: 3 } } });
        await resource.delete('small');
        await resource.patch('plain', { type: 'merge', patch: { spec: { text: 'the end' } } });
        const ended = (): void => {
          for (const { ours, theirs } of watching)
            for (const one of [ours, theirs]) expect(one.stdout()).toContain('the end');
        };
        await vi.waitFor(ended, { timeout: 20_000 });
        const seen = (whose: 'ours' | 'theirs'): object[] =>
          watching.map((one) => ({ line: one.line, stdout: one[whose].stdout() }));
        expect(seen('ours')).toEqual(seen('theirs'));
      } finally {
        for (const { ours, theirs } of watching) {
          await ours[Symbol.asyncDispose]();
          await theirs[Symbol.asyncDispose]();
        }
      }
    }, 60_000);

    test('waits as long', async () => {
      const names = ['ours', 'theirs'] as const;
      const run = (line: string): Promise<object>[] =>
        names.map((name) => both[name](wordsOf(line), { namespace: `waiting-${name}` }));
      const held = { type: 'merge', patch: { metadata: { finalizers: ['example.com/held'] } } } as const;
      for (const name of names) {
        await world.populate(`waiting-${name}`);
        await (await world.gadgets(`waiting-${name}`)).patch('small', held);
      }
      const before = await world.watches('gadgets');
      const conditions = run('wait gadgets --all --for=condition=Ready');
      const gone = [run('delete gadget small'), run('wait gadget/plain --for=delete')];
      const began = async (): Promise<void> => expect(await world.watches('gadgets')).toBe(before + 6);
      await vi.waitFor(began, { timeout: 20_000, interval: 200 });
      const all = await Promise.all(names.map((name) => world.gadgets(`waiting-${name}`)));
      for (const resource of all) {
        const status = { conditions: [{ type: 'Ready', status: 'True' }] };
        for (const { metadata } of (await resource.list()).items) {
          await resource.patch(metadata!.name!, { type: 'merge', patch: { status } }, { subresource: 'status' });
        }
      }
      const [ours, theirs] = await Promise.all(conditions);
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject({ code: 0, stdout: expect.stringContaining('plain condition met') });
      for (const resource of all) {
        await resource.patch('small', { type: 'merge', patch: { metadata: { finalizers: null } } });
        await resource.delete('plain');
      }
      for (const pair of gone) {
        const [ours, theirs] = await Promise.all(pair);
        expect(ours).toEqual(theirs);
        expect(ours).toMatchObject({ code: 0 });
      }
    }, 60_000);

    test('says what could not be discovered', async () => {
      const name = 'v1.broken.example.com';
      const service = { name: 'nowhere', namespace: 'default' };
      const spec = { group: 'broken.example.com', version: 'v1', service, insecureSkipTLSVerify: true };
      const priorities = { groupPriorityMinimum: 1, versionPriority: 1 };
      const metadata = { name };
      const api = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata };
      await world.create({ ...api, spec: { ...spec, ...priorities } } as KubernetesObject);
      await both.ours(wordsOf(`wait apiservice/${name} --for=condition=Available=false`));
      const isTold = async (): Promise<void> =>
        expect((await both.ours(['api-resources'])).stderr).toContain('broken.example.com/v1');
      await vi.waitFor(isTold, { timeout: 20_000, interval: 200 });
      // kubectl leaves out without a word what its cache does not know.
      for (const line of ['get ns default -o name', 'get foos', 'get all', 'explain ns.spec']) {
        const [theirs, ours] = await Promise.all([both.theirs(wordsOf(line)), both.ours(wordsOf(line))]);
        expect({ line, ...ours }).toEqual({ line, ...theirs });
      }
    }, 60_000);

    test('is a program, which ends when it is told to', async () => {
      const cli = path.join(root, 'examples/kubectl-lite/cli.ts');
      const words = ['get', 'ns', 'default', '-w', '-o', 'name', '--kubeconfig', environment.kubeconfig];
      const child = spawn(process.execPath, ['--import', 'tsx', cli, ...words], { cwd: root, stdio: 'pipe' });
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      child.kill('SIGINT');
      const [code] = (await once(child, 'close')) as [number | null];
      expect([printed.toString(), code]).toEqual(['namespace/default\n', 130]);
    });
  },
  '1.37',
);

function callOf(step: Step, namespace: string): [words: string[], options: RunOptions] {
  const { line, stdin } = typeof step === 'string' ? { line: step, stdin: undefined } : step;
  return [wordsOf(line), { stdin: typeof stdin === 'object' ? JSON.stringify(stdin) : stdin, namespace }];
}
