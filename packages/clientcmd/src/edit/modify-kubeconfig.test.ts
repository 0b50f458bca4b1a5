import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Kubeconfig } from '../kubeconfig.js';
import { loadKubeconfig } from '../load-kubeconfig.js';
import { parseKubeconfig } from '../parse-kubeconfig.js';
import {
  deleteCluster,
  deleteContext,
  renameContext,
  setCluster,
  setContext,
  setUser,
  unsetCurrentContext,
  useContext,
} from './kubeconfig-changes.js';
import { modifyKubeconfig } from './modify-kubeconfig.js';

let directory: string;
const at = (name: string): string => path.join(directory, name);
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'modify-'));
});
afterEach(() => rm(directory, { recursive: true }));

const One = `# mine
current-context: a
clusters: [{ name: c, cluster: { server: "https://one" } }]
contexts:
- { name: a, context: { cluster: c } }
`;
const Two = `current-context: b
clusters: [{ name: c, cluster: { server: "https://hidden" } }, { name: d, cluster: { server: "https://two" } }]
contexts:
- { name: b, context: { cluster: d } } # theirs
`;

async function setUp(files: Readonly<Record<string, string>>, list = Object.keys(files)) {
  for (const [name, text] of Object.entries(files)) await writeFile(at(name), text);
  const env = { KUBECONFIG: list.map(at).join(path.delimiter), HOME: directory };
  const modify = (change: (kubeconfig: Kubeconfig) => Kubeconfig): Promise<Kubeconfig> =>
    modifyKubeconfig(change, { env });
  const read = (name: string): Promise<string> => readFile(at(name), 'utf8');
  return { env, modify, read };
}

describe('what has changed is written', () => {
  test('to the file that it comes from', async () => {
    const { modify, read } = await setUp({ one: One, two: Two });
    const result = await modify((kubeconfig) => setContext(kubeconfig, 'b', { namespace: 'web' }));
    expect(result.contexts.get('b')).toEqual({ value: { cluster: 'd', namespace: 'web' }, file: at('two') });
    expect(await read('one')).toBe(One);
    expect(await read('two')).toContain('- { name: b, context: { cluster: d, namespace: web } } # theirs');
  });

  test('to several files', async () => {
    const { modify, read } = await setUp({ one: One, two: Two });
    await modify((kubeconfig) => renameContext(deleteContext(useContext(kubeconfig, 'b'), 'a'), 'b', 'prod'));
    expect((await parseKubeconfig(await read('one'))).contexts.size).toBe(0);
    expect(await read('one')).toContain('current-context: prod');
    expect(await read('two')).toContain('- { name: prod, context: { cluster: d } } # theirs');
  });

  test('when it is new, to the first file that exists', async () => {
    const { modify, read } = await setUp({ one: One, two: Two }, ['absent', 'two', 'one']);
    await modify((kubeconfig) => setUser(kubeconfig, 'u', { token: 't' }));
    expect((await parseKubeconfig(await read('two'))).users.get('u')?.value).toEqual({ token: 't' });
    expect(existsSync(at('absent'))).toBe(false);
  });

  test('when there is no file at all, to the last one, which is created', async () => {
    const { modify, read } = await setUp({}, ['x/absent', 'y/last']);
    await modify((kubeconfig) => setContext(useContext(setContext(kubeconfig, 'a', {}), 'a'), 'b', {}));
    expect(await read('y/last')).toBe(
      'apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts:\n- context: {}\n  name: a\n- context: {}\n  name: b\n',
    );
    expect((await stat(at('y/last'))).mode & 0o777).toBe(0o600);
    expect(existsSync(at('x'))).toBe(false);
  });

  test('to the file that is named, and to ~/.kube/config without any', async () => {
    await modifyKubeconfig((kubeconfig) => setContext(kubeconfig, 'a', {}), { kubeconfig: at('own') });
    expect((await loadKubeconfig({ kubeconfig: at('own') })).contexts.has('a')).toBe(true);
    await modifyKubeconfig((kubeconfig) => setContext(kubeconfig, 'h', {}), { env: { HOME: directory } });
    expect((await loadKubeconfig({ env: { HOME: directory } })).contexts.has('h')).toBe(true);
  });

  test('a current context that is cleared, in the first file that has one', async () => {
    const { modify, read } = await setUp({ none: '', one: One, two: Two });
    const result = await modify(unsetCurrentContext);
    expect(await read('one')).toContain('current-context: ""');
    // As with kubectl, that of the next file is seen then.
    expect(result.currentContext).toBe('b');
  });

  test('an entry that is deleted no longer hides another', async () => {
    const { modify } = await setUp({ one: One, two: Two });
    const result = await modify((kubeconfig) => deleteCluster(kubeconfig, 'c'));
    expect(result.clusters.get('c')?.value.server).toBe('https://hidden');
  });

  test('with paths relative to their file, as far as they lead below it', async () => {
    const { modify, read } = await setUp({ one: One });
    await modify((kubeconfig) => setCluster(kubeconfig, 'c', { 'certificate-authority': at('pki/ca.pem') }));
    await modify((kubeconfig) => setUser(kubeconfig, 'u', { tokenFile: '/run/token', 'client-key': at('..x') }));
    const { clusters, users } = await parseKubeconfig(await read('one'));
    expect(clusters.get('c')?.value['certificate-authority']).toBe('pki/ca.pem');
    expect(users.get('u')?.value).toEqual({ tokenFile: '/run/token', 'client-key': '..x' });
  });

  test('and nothing else', async () => {
    const { modify, read } = await setUp({ one: One });
    const before = await stat(at('one'));
    const result = await modify((kubeconfig) => ({ ...kubeconfig, clusters: new Map(kubeconfig.clusters) }));
    expect(result.currentContext).toBe('a');
    expect((await stat(at('one'))).ino).toBe(before.ino);
    expect(await read('one')).toBe(One);
  });
});

describe('nobody’s change is lost', () => {
  test('of many at once', async () => {
    const { modify } = await setUp({ one: One });
    const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name) => modify((kubeconfig) => setContext(kubeconfig, name, {}))));
    const { contexts } = await loadKubeconfig({ kubeconfig: at('one') });
    expect([...contexts.keys()].toSorted()).toEqual(['a', ...names]);
    expect(await readdir(directory)).toEqual(['one']);
  });

  test('when one fails', async () => {
    const { modify, read } = await setUp({ one: One });
    await expect(modify((kubeconfig) => useContext(kubeconfig, 'x'))).rejects.toThrow('context "x" does not exist');
    expect(await read('one')).toBe(One);
    expect(await readdir(directory)).toEqual(['one']);
  });
});

describe('refused', () => {
  test('files that are no kubeconfigs', async () => {
    const { modify } = await setUp({ one: 'clusters: {' });
    await expect(modify((kubeconfig) => kubeconfig)).rejects.toThrow(`${at('one')}: line 1`);
  });

  test('entries of files that are not changed', async () => {
    const { modify } = await setUp({ one: One });
    const foreign = { value: {}, file: '/etc/passwd' };
    await expect(modify((kubeconfig) => ({ ...kubeconfig, users: new Map([['u', foreign]]) }))).rejects.toThrow(
      '/etc/passwd: is none of the files that are changed',
    );
  });

  test('a change after an abort', async () => {
    const signal = AbortSignal.abort(new Error('mine'));
    await setUp({ one: One });
    const change = modifyKubeconfig((kubeconfig) => setContext(kubeconfig, 'b', {}), { kubeconfig: at('one'), signal });
    await expect(change).rejects.toThrow('mine');
  });
});
