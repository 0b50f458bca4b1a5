import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKubeconfig } from './load-kubeconfig.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'load-kubeconfig-'));
  await mkdir(path.join(directory, '.kube'));
  for (const [file, text] of Object.entries(Files)) await writeFile(path.join(directory, file), text);
});
afterAll(() => rm(directory, { recursive: true }));

const Files = {
  one: 'current-context: one\nclusters: [{ name: c, cluster: { server: "https://one" } }]',
  two: 'current-context: two\nclusters: [{ name: c, cluster: { server: "https://two", proxy-url: "http://p" } }, { name: d }]',
  usersOnly: 'users: [{ name: u, user: { token: t } }]',
  broken: 'clusters: [',
  '.kube/config': 'current-context: home',
};

function load(kubeconfig: readonly (keyof typeof Files | 'absent')[]): ReturnType<typeof loadKubeconfig> {
  const files = kubeconfig.map((name) => path.join(directory, name));
  return loadKubeconfig({ env: { KUBECONFIG: files.join(path.delimiter), HOME: directory } });
}

describe('loadKubeconfig', () => {
  test('the first file that sets the current context wins', async () => {
    expect((await load(['one', 'two'])).currentContext).toBe('one');
    expect((await load(['usersOnly', 'two', 'one'])).currentContext).toBe('two');
  });

  test('an entry is the first file’s as a whole, and other entries are added', async () => {
    const { clusters } = await load(['one', 'two']);
    expect(clusters.get('c')).toEqual({ value: { server: 'https://one' }, file: path.join(directory, 'one') });
    expect(clusters.get('d')?.file).toBe(path.join(directory, 'two'));
  });

  test('files of the list that do not exist are passed over', async () => {
    expect((await load(['absent', 'one'])).currentContext).toBe('one');
    expect((await load(['absent'])).currentContext).toBeUndefined();
  });

  test('a file that is listed twice is read once', async () => {
    expect((await load(['one', 'usersOnly', 'one'])).files).toHaveLength(2);
  });

  test('without KUBECONFIG, or with an empty one, it is ~/.kube/config', async () => {
    expect((await loadKubeconfig({ env: { HOME: directory } })).currentContext).toBe('home');
    const env = { HOME: directory, KUBECONFIG: path.delimiter };
    expect((await loadKubeconfig({ env })).currentContext).toBe('home');
  });

  test('a file that is asked for is the only one', async () => {
    const env = { KUBECONFIG: path.join(directory, 'two'), HOME: directory };
    const { files, currentContext } = await loadKubeconfig({ kubeconfig: path.join(directory, 'one'), env });
    expect([files.length, currentContext]).toEqual([1, 'one']);
  });

  test('a file that is asked for has to exist', async () => {
    const kubeconfig = path.join(directory, 'absent');
    await expect(loadKubeconfig({ kubeconfig })).rejects.toMatchObject({
      name: 'KubeconfigError',
      message: `${kubeconfig}: no such file`,
    });
  });

  test('a file that cannot be read, or parsed, is named', async () => {
    await expect(loadKubeconfig({ kubeconfig: directory })).rejects.toThrow(`${directory}: EISDIR`);
    await expect(load(['one', 'broken'])).rejects.toThrow(`${path.join(directory, 'broken')}: line 1, column`);
  });
});
