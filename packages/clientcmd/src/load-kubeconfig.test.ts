import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeconfigError } from './kubeconfig-error.js';
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
  extended: 'extensions: [{ name: a, extension: 1 }]\npreferences: { colors: false }',
  extendedToo: `
extensions: [{ name: b, extension: 2 }, { name: a, extension: 3 }]
preferences: { colors: true, extensions: [{ name: p, extension: 2 }] }`,
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

  test('all files that cannot be used are named', async () => {
    const env = {
      KUBECONFIG: [path.join(directory, 'broken'), directory, path.join(directory, 'one')].join(path.delimiter),
    };
    const error = await loadKubeconfig({ env }).catch((error: unknown) => error as KubeconfigError);
    expect((error as KubeconfigError).problems).toEqual([
      expect.stringMatching(/broken: line 1, column/),
      `${directory}: is a directory`,
    ]);
  });

  test('a device without an end is no kubeconfig', async () => {
    await expect(loadKubeconfig({ kubeconfig: '/dev/zero' })).rejects.toThrow('/dev/zero: larger than 16777216 bytes');
  });

  test('the path of a file cannot control the terminal', async () => {
    await expect(loadKubeconfig({ kubeconfig: '/a\u001b[2J' })).rejects.toThrow('/a\\u001b[2J: no such file');
  });

  test('extensions and preferences of the first file win', async () => {
    const { extensions, preferences } = await load(['extended', 'extendedToo', 'one']);
    expect(extensions).toEqual([
      { name: 'a', extension: 1 },
      { name: 'b', extension: 2 },
    ]);
    expect(preferences).toEqual({ colors: true, extensions: [{ name: 'p', extension: 2 }] });
  });

  test('a file that cannot be read, or parsed, is named', async () => {
    await expect(loadKubeconfig({ kubeconfig: directory })).rejects.toThrow(`${directory}: is a directory`);
    await expect(load(['one', 'broken'])).rejects.toThrow(`${path.join(directory, 'broken')}: line 1, column`);
  });
});
