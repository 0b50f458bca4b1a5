import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { binariesCache } from '@client-ts/envtest';
import { expect, test } from 'vitest';

const build = path.resolve(import.meta.dirname, '../../tools/kubernetes/build.mjs');

test.each<Record<string, string>>([
  { CLIENT_TS_KUBERNETES_CACHE: '/somewhere', XDG_CACHE_HOME: '/cache' },
  { CLIENT_TS_KUBERNETES_CACHE: '', XDG_CACHE_HOME: '/cache' },
  { CLIENT_TS_KUBERNETES_CACHE: '', XDG_CACHE_HOME: '' },
])('the build script fills the directory that envtest looks into: %j', (variables) => {
  const env = { ...process.env, ...variables };
  const printed = execFileSync(process.execPath, [build, '--print'], { env, encoding: 'utf8' }).trim().split('\n');
  expect(printed.map((directory) => path.dirname(directory))).toEqual(printed.map(() => binariesCache(env)));
  expect(printed.map((directory) => path.basename(directory))).toEqual([
    expect.stringMatching(/^1\.37\.\d+-[a-z0-9]+-[a-z0-9]+$/),
    expect.stringMatching(/^1\.34\.\d+-[a-z0-9]+-[a-z0-9]+$/),
  ]);
});
