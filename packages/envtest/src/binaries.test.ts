import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binariesCache, BinariesNotFoundError, findBinaries } from './binaries.js';

const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
const directoryOf = (version: string): string => `${version}-${process.platform}-${architecture}`;

let root: string;
let env: { CLIENT_TS_KUBERNETES_CACHE: string };
const at = (...parts: string[]): string => path.join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'binaries-'));
  env = { CLIENT_TS_KUBERNETES_CACHE: at('cache') };
  const complete = ['etcd', 'kube-apiserver', 'kubectl', 'kube-controller-manager'];
  await add(at('cache', directoryOf('1.9.4')), complete);
  await add(at('cache', directoryOf('1.37.2')), complete);
  await add(at('cache', directoryOf('1.37.10')), ['etcd', 'kube-apiserver']);
  await add(at('cache', directoryOf('1.34.4')), ['etcd']);
  await add(at('cache', '1.99.0-plan9-mips'), complete);
  await add(at('assets'), ['etcd', 'kube-apiserver']);
  await writeFile(at('not-executable'), '');
});
afterAll(() => rm(root, { recursive: true }));

async function add(directory: string, files: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const file of files) await writeFile(path.join(directory, file), '', { mode: 0o755 });
}

describe('findBinaries', () => {
  test.each([
    ['the newest for this machine', undefined, '1.37.10'],
    ['the newest of a minor version', '1.37', '1.37.10'],
    ['a version', '1.37.2', '1.37.2'],
    ['a minor version that is the beginning of others', '1.9', '1.9.4'],
  ])('takes from the cache %s', (_, version, expected) => {
    expect(findBinaries({ version, env }).etcd).toBe(at('cache', directoryOf(expected), 'etcd'));
  });

  test('has what is there beside what is needed', () => {
    expect(findBinaries({ version: '1.37.2', env }).kubectl).toBeDefined();
    expect(findBinaries({ version: '1.37.10', env })).not.toHaveProperty('kubectl');
  });

  test('KUBEBUILDER_ASSETS goes before the cache, and TEST_ASSET_… before that', () => {
    const assets = { ...env, KUBEBUILDER_ASSETS: at('assets') };
    expect(findBinaries({ env: assets }).etcd).toBe(at('assets', 'etcd'));
    const one = { ...assets, TEST_ASSET_ETCD: at('cache', directoryOf('1.34.4'), 'etcd') };
    expect(findBinaries({ env: one })).toEqual({
      etcd: at('cache', directoryOf('1.34.4'), 'etcd'),
      kubeApiserver: at('assets', 'kube-apiserver'),
    });
  });

  test('options go before everything', () => {
    const binaries = { etcd: at('assets', 'etcd') };
    expect(findBinaries({ env: { ...env, TEST_ASSET_ETCD: at('absent') }, binaries }).etcd).toBe(binaries.etcd);
  });

  test('with a version, the environment’s paths do not count', () => {
    const assets = { ...env, KUBEBUILDER_ASSETS: at('assets'), TEST_ASSET_ETCD: at('assets', 'etcd') };
    expect(findBinaries({ version: '1.37.2', env: assets }).etcd).toBe(at('cache', directoryOf('1.37.2'), 'etcd'));
  });

  test('empty variables count as none', () => {
    const assets = { ...env, KUBEBUILDER_ASSETS: '', TEST_ASSET_ETCD: '' };
    expect(findBinaries({ env: assets }).etcd).toBe(at('cache', directoryOf('1.37.10'), 'etcd'));
  });

  test.each([
    ['a version that is not there', () => ({ version: '1.20', env }), 'etcd not found: no 1.20 in '],
    [
      'an empty cache',
      () => ({ env: { CLIENT_TS_KUBERNETES_CACHE: at('nowhere') } }),
      'etcd not found: no version in ',
    ],
    ['a program that is not there', () => ({ version: '1.34', env }), 'kube-apiserver not found: '],
    ['a program that is needed', () => ({ env, needs: ['kubectl'] as const }), 'kubectl not found: '],
    ['a path that leads nowhere', () => ({ env: { ...env, TEST_ASSET_KUBECTL: at('absent') } }), 'kubectl not found: '],
    [
      'a file that cannot be run',
      () => ({ env, binaries: { etcd: at('not-executable') } }),
      'is not an executable file',
    ],
  ])('%s is an error that tells what to do', (_, options, message) => {
    const find = (): unknown => findBinaries(options());
    expect(find).toThrow(BinariesNotFoundError);
    expect(find).toThrow(message);
    expect(find).toThrow('Build it with "node tools/kubernetes/build.mjs"');
  });
});

test('the cache is the user’s, unless told otherwise', () => {
  expect(binariesCache({ CLIENT_TS_KUBERNETES_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(binariesCache({ CLIENT_TS_KUBERNETES_CACHE: '', XDG_CACHE_HOME: '/b' })).toBe('/b/client-ts/kubernetes');
});
