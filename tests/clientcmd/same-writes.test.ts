import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kubeconfigObject, loadKubeconfig, modifyKubeconfig, setContext } from '@client-ts/clientcmd';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { runKubectl } from './kubectl.js';
import { propertyWrites, refusedProperties } from './property-writes.js';
import { refusedWrites, TwoFiles, type WriteCase, writeCases } from './write-cases.js';

describeReal('a kubeconfig is changed as kubectl changes it', ['kubectl'], ({ kubectl }) => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'same-writes-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  /** The files of a case in a directory of their own. */
  async function setUp({ name, files = TwoFiles, list, explicit }: WriteCase, whose: string) {
    const directory = path.join(root, whose, encodeURIComponent(name));
    await mkdir(directory, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
      await writeFile(path.join(directory, file), text);
    }
    const listed = list ?? Object.keys(files).filter((file) => path.basename(file).startsWith('config'));
    const KUBECONFIG = listed.map((file) => path.join(directory, file)).join(path.delimiter);
    const env = { HOME: directory, ...(explicit === undefined ? { KUBECONFIG } : {}) };
    return { directory, env, kubeconfig: explicit && path.join(directory, explicit) };
  }

  /** What all files say, with paths as they are meant. */
  async function contents(directory: string): Promise<object> {
    const names = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
    const told = files.map(async (file) => {
      const name = path.relative(directory, file);
      if (/\.(?:crt|key)$/.test(file)) return [name, 'as it was'];
      const content = kubeconfigObject(await loadKubeconfig({ kubeconfig: file }));
      const text = JSON.stringify(content, (key, value: unknown) =>
        PathFields.has(key) ? path.resolve(path.dirname(file), value as string) : value,
      );
      return [name, JSON.parse(text.replaceAll(directory, 'DIR')) as object];
    });
    return Object.fromEntries(await Promise.all(told)) as object;
  }

  async function both(row: WriteCase) {
    const [theirs, ours] = [await setUp(row, 'kubectl'), await setUp(row, 'client-ts')];
    const command = row.command.map((word) => word.replace('DIR', theirs.directory));
    const flags = theirs.kubeconfig === undefined ? [] : [`--kubeconfig=${theirs.kubeconfig}`];
    const result = await runKubectl(kubectl, ['config', ...command, ...flags], theirs.env);
    const change = modifyKubeconfig((kubeconfig) => row.change(kubeconfig, ours.directory), ours);
    return { theirs, ours, result, change };
  }

  test.concurrent.each([...writeCases, ...propertyWrites].map((row) => [row.name, row] as const))(
    '%s',
    async (_, row) => {
      const { theirs, ours, result, change } = await both(row);
      expect([result.code, result.stderr.replace(/^warning: .*\n/, '')]).toEqual([0, '']);
      await change;
      expect(await contents(ours.directory)).toEqual(await contents(theirs.directory));
    },
  );

  test.concurrent.each([...refusedWrites, ...refusedProperties].map((row) => [row.name, row] as const))(
    'both refuse %s',
    async (_, row) => {
      const { ours, result, change } = await both(row);
      expect(result.code).not.toBe(0);
      await expect(change).rejects.toThrow(row.says);
      for (const [file, text] of Object.entries(row.files ?? TwoFiles)) {
        expect(await readFile(path.join(ours.directory, file), 'utf8')).toBe(text);
      }
    },
  );

  test('kubectl keeps off while a change is under way', async () => {
    const name = 'locked';
    const { directory, env } = await setUp({ name, command: [], change: (kubeconfig) => kubeconfig }, 'client-ts');
    const blocked = new Promise<string>((resolve) => {
      void modifyKubeconfig(
        (kubeconfig) => {
          // While this runs, the lock is held: the locks are there, and another kubectl would fail.
          const locks = ['config1.lock', 'sub/config2.lock'].filter((file) => existsSync(path.join(directory, file)));
          resolve(locks.join(' '));
          return setContext(kubeconfig, 'mine', {});
        },
        { env },
      );
    });
    expect(await blocked).toBe('config1.lock sub/config2.lock');
  });

  test('a lock of kubectl is waited for', async () => {
    const { directory, env } = await setUp({ name: 'waits', command: [], change: (k) => k }, 'client-ts');
    await writeFile(path.join(directory, 'config1.lock'), '', { mode: 0 });
    const failed = await runKubectl(kubectl, ['config', 'set-context', 'x'], env);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('config1.lock: file exists')]);
    const change = modifyKubeconfig((kubeconfig) => setContext(kubeconfig, 'x', {}), { env });
    await rm(path.join(directory, 'config1.lock'));
    expect((await change).contexts.has('x')).toBe(true);
  });
});

const PathFields: ReadonlySet<string> = new Set([
  'certificate-authority',
  'client-certificate',
  'client-key',
  'tokenFile',
]);
