import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kubeconfigTokenStore } from './kubeconfig-token-store.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'token-store-'));
  file = path.join(directory, 'config');
});
afterEach(() => rm(directory, { recursive: true }));

const Text = `users:
- name: u
  user:
    auth-provider:
      name: oidc
      config:
        client-id: me # as registered
        refresh-token: old
- name: v
  user: { token: t }
`;

test('tokens are read from the file as it is now', async () => {
  await writeFile(file, Text);
  const store = kubeconfigTokenStore(file, 'u');
  expect(await store.load()).toEqual({ idToken: undefined, refreshToken: 'old' });
  await writeFile(file, Text.replace('old', 'new'));
  expect(await store.load()).toEqual({ idToken: undefined, refreshToken: 'new' });
});

test('tokens are written, and nothing else', async () => {
  await writeFile(file, Text);
  await kubeconfigTokenStore(file, 'u').save({ idToken: 'id', refreshToken: 'new' });
  expect(await readFile(file, 'utf8')).toBe(
    Text.replace('refresh-token: old\n', 'refresh-token: new\n        id-token: id\n'),
  );
});

test.each(['v', 'w'])('who signs in another way, or is gone, has no tokens and gets none: %s', async (name) => {
  await writeFile(file, Text);
  const store = kubeconfigTokenStore(file, name);
  expect(await store.load()).toEqual({ idToken: undefined, refreshToken: undefined });
  await store.save({ idToken: 'id' });
  expect(await readFile(file, 'utf8')).toBe(Text);
});
