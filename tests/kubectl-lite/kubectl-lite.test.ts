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

/** For what servers and other processes do: nothing depends on how fast. */
const AsLongAsItTakes = { timeout: 100_000, interval: 200 };

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

    /** Until so many watches of gadgets are open. Those of commands that have ended are, for a while. */
    async function untilWatched(count: number): Promise<void> {
      await vi.waitFor(async () => expect(await world.watches('gadgets')).toBe(count), AsLongAsItTakes);
    }

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
    });

    test('writes the same YAML, in longer lines', async () => {
      await world.populate('folded');
      for (const line of foldedCases) {
        const [theirs, ours] = await Promise.all(
          (['theirs', 'ours'] as const).map((name) => both[name](wordsOf(line), { namespace: 'folded' })),
        );
        expect(parseYaml(ours!.stdout)).toEqual(parseYaml(theirs!.stdout));
      }
    });

    test.for(Object.keys(stories))('tells the same story: %s', async (name) => {
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
      await untilWatched(0);
      const watching = watchedCases.map((line) => ({
        line,
        theirs: both.startTheirs(wordsOf(line), { namespace }),
        ours: both.startOurs(wordsOf(line), { namespace }),
      }));
      try {
        await untilWatched(2 * watching.length);
        const resource = await world.gadgets(namespace);
        await resource.patch('plain', { type: 'merge', patch: { spec: { text: 'changed', replicas: 3 } } });
        await resource.delete('small');
        await resource.patch('plain', { type: 'merge', patch: { spec: { text: 'the end' } } });
        const seen = (whose: 'ours' | 'theirs'): { line: string; stdout: string }[] =>
          watching.map((one) => ({ line: one.line, stdout: one[whose].stdout() }));
        // kubectl writes cell by cell: what is behind the end of the text comes some time after it.
        const ended = (): void => {
          for (const { stdout } of seen('theirs')) expect(stdout).toContain('the end');
          expect(seen('ours')).toEqual(seen('theirs'));
        };
        await vi.waitFor(ended, AsLongAsItTakes);
      } finally {
        for (const { ours, theirs } of watching) {
          await ours[Symbol.asyncDispose]();
          await theirs[Symbol.asyncDispose]();
        }
      }
    });

    test('waits as long', async () => {
      const names = ['ours', 'theirs'] as const;
      const run = (line: string): Promise<object>[] =>
        names.map((name) => both[name](wordsOf(line), { namespace: `waiting-${name}` }));
      const held = { type: 'merge', patch: { metadata: { finalizers: ['example.com/held'] } } } as const;
      for (const name of names) {
        await world.populate(`waiting-${name}`);
        await (await world.gadgets(`waiting-${name}`)).patch('small', held);
      }
      await untilWatched(0);
      const conditions = run('wait gadgets --all --for=condition=Ready --timeout=100s');
      const gone = [run('delete gadget small'), run('wait gadget/plain --for=delete --timeout=100s')];
      await untilWatched(6);
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
    });

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
      await vi.waitFor(isTold, AsLongAsItTakes);
      // kubectl leaves out without a word what its cache does not know.
      for (const line of ['get ns default -o name', 'get foos', 'get all', 'explain ns.spec']) {
        const [theirs, ours] = await Promise.all([both.theirs(wordsOf(line)), both.ours(wordsOf(line))]);
        expect({ line, ...ours }).toEqual({ line, ...theirs });
      }
    });

    test('is a program, which ends when it is told to', async () => {
      const cli = path.join(root, 'examples/kubectl-lite/cli.ts');
      const words = ['get', 'ns', 'default', '-w', '-o', 'name', '--kubeconfig', environment.kubeconfig];
      const child = spawn(process.execPath, ['--import', 'tsx', cli, ...words], { cwd: root, stdio: 'pipe' });
      const closed = once(child, 'close');
      let printed = '';
      for await (const piece of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
        printed += piece;
        if (printed.endsWith('\n')) child.kill('SIGINT');
      }
      expect([printed, await closed]).toEqual(['namespace/default\n', [130, null]]);
    });
  },
  '1.37',
);

function callOf(step: Step, namespace: string): [words: string[], options: RunOptions] {
  const { line, stdin } = typeof step === 'string' ? { line: step, stdin: undefined } : step;
  return [wordsOf(line), { stdin: typeof stdin === 'object' ? JSON.stringify(stdin) : stdin, namespace }];
}
