import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inClusterConfig, loadConfig, NoConfigError, parseKubeconfig } from './index.js';

// Whoever imports the parser of YAML fails.
const absent = vi.hoisted(() => () => {
  throw new Error('YAML has been loaded');
});
vi.mock('yaml', absent);
vi.mock('@client-ts/serializer/yaml', absent);

let directory: string;
const at = (name: string): string => path.join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'yaml-on-demand-'));
  await writeFile(
    at('json'),
    '{"current-context":"c","clusters":[{"name":"c","cluster":{"server":"https://one"}}],"contexts":[{"name":"c","context":{"cluster":"c"}}]}',
  );
  await writeFile(at('yaml'), 'users: []');
  await writeFile(at('empty'), '\n');
  await writeFile(at('token'), 't');
});
afterAll(() => rm(directory, { recursive: true }));

test('a kubeconfig that is JSON, or empty, is read without a parser of YAML', async () => {
  expect(await loadConfig({ kubeconfig: at('json') })).toMatchObject({ host: 'https://one' });
  await expect(loadConfig({ env: { KUBECONFIG: at('empty') } })).rejects.toThrow(NoConfigError);
});

test('a pod does without it', async () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443', KUBECONFIG: at('absent') };
  const options = { env, serviceAccountDirectory: directory };
  expect(await inClusterConfig(options)).toMatchObject({ host: 'https://10.0.0.1' });
  expect(await loadConfig(options)).toMatchObject({ host: 'https://10.0.0.1' });
});

test('YAML needs it', async () => {
  await expect(parseKubeconfig('users: []')).rejects.toMatchObject({ cause: { message: 'YAML has been loaded' } });
});
