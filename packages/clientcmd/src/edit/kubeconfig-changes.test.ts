import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from '../kubeconfig.js';
import { parseKubeconfig } from '../parse-kubeconfig.js';
import {
  deleteCluster,
  deleteContext,
  deleteUser,
  renameContext,
  setCluster,
  setContext,
  setUser,
  unsetCurrentContext,
  useContext,
} from './kubeconfig-changes.js';

const Text = `
current-context: a
clusters: [{ name: c, cluster: { server: "https://one", tls-server-name: one, certificate-authority-data: QUI= } }]
users: [{ name: u, user: { token: t, client-certificate-data: QUI=, client-key: k } }]
contexts: [{ name: a, context: { cluster: c, user: u } }, { name: b, context: { cluster: c, namespace: web } }]
`;
const base = await parseKubeconfig(Text, '/f');

describe('contexts', () => {
  test('are chosen', () => {
    expect(useContext(base, 'b').currentContext).toBe('b');
    expect(unsetCurrentContext(base).currentContext).toBeUndefined();
  });

  test('are renamed in their place, and stay the current one', () => {
    const renamed = renameContext(base, 'a', 'z');
    expect([...renamed.contexts]).toEqual([
      ['z', base.contexts.get('a')],
      ['b', base.contexts.get('b')],
    ]);
    expect(renamed.currentContext).toBe('z');
    expect(renameContext(base, 'b', 'z').currentContext).toBe('a');
  });

  test('are set field by field', () => {
    expect(setContext(base, 'b', { user: 'u', namespace: '' }).contexts.get('b')).toEqual({
      value: { cluster: 'c', user: 'u' },
      file: '/f',
    });
    expect(setContext(base, 'new', { cluster: 'c' }).contexts.get('new')).toEqual({
      value: { cluster: 'c' },
      file: undefined,
    });
  });
});

test.each([
  ['contexts', deleteContext(base, 'a')],
  ['clusters', deleteCluster(base, 'c')],
  ['users', deleteUser(base, 'u')],
] as const)('%s are deleted, and nothing else', (list, after) => {
  const { [list]: entries, ...rest } = after;
  const { [list]: before, ...others } = base;
  expect(entries.size).toBe(before.size - 1);
  expect(rest).toEqual(others);
});

test('what was given is not changed', async () => {
  setCluster(base, 'c', { server: 'x' });
  setUser(base, 'u', { token: 'x' });
  setContext(base, 'a', { namespace: 'x' });
  renameContext(base, 'a', 'z');
  deleteUser(base, 'u');
  expect(base).toEqual(await parseKubeconfig(Text, '/f'));
});

const old = { server: 'https://one', 'tls-server-name': 'one', 'certificate-authority-data': 'QUI=' };

test.each<[string, KubeconfigCluster, KubeconfigCluster]>([
  ['nothing', {}, old],
  ['a field', { 'proxy-url': 'http://p' }, { ...old, 'proxy-url': 'http://p' }],
  ['the server, not its name', { server: 'https://x' }, { server: 'https://x', 'certificate-authority-data': 'QUI=' }],
  [
    'the server and its name',
    { server: 'https://x', 'tls-server-name': 'x' },
    { ...old, server: 'https://x', 'tls-server-name': 'x' },
  ],
  [
    'trust in anybody',
    { 'insecure-skip-tls-verify': true },
    { server: 'https://one', 'tls-server-name': 'one', 'insecure-skip-tls-verify': true },
  ],
  [
    'trust in a file',
    { 'certificate-authority': 'ca.pem' },
    { server: 'https://one', 'tls-server-name': 'one', 'certificate-authority': path.resolve('ca.pem') },
  ],
  ['nothing for what is empty', { server: '', 'certificate-authority-data': '' }, {}],
])('of a cluster is set: %s', (_, fields, expected) => {
  expect(setCluster(base, 'c', fields).clusters.get('c')?.value).toEqual(expected);
});

test('an authority takes the trust in anybody away', async () => {
  const trusting = await parseKubeconfig('clusters: [{ name: c, cluster: { insecure-skip-tls-verify: true } }]');
  for (const fields of [{ 'certificate-authority-data': 'QUI=' }, { 'certificate-authority': '/ca' }]) {
    expect(setCluster(trusting, 'c', fields).clusters.get('c')?.value).toEqual(fields);
  }
});

const user = { token: 't', 'client-certificate-data': 'QUI=', 'client-key': 'k' };

test.each<[string, KubeconfigUser, KubeconfigUser]>([
  ['another token', { token: 'x' }, { ...user, token: 'x' }],
  [
    'name and password',
    { username: 'x', password: 'y' },
    { 'client-certificate-data': 'QUI=', 'client-key': 'k', username: 'x', password: 'y' },
  ],
  [
    'the certificate in the other form',
    { 'client-certificate': 'c' },
    { token: 't', 'client-certificate': path.resolve('c'), 'client-key': 'k' },
  ],
  [
    'the key in the other form',
    { 'client-key-data': 'QkI=' },
    { token: 't', 'client-certificate-data': 'QUI=', 'client-key-data': 'QkI=' },
  ],
  [
    'a plugin',
    { token: '', exec: { command: 'x' } },
    { 'client-certificate-data': 'QUI=', 'client-key': 'k', exec: { command: 'x' } },
  ],
])('of a user is set: %s', (_, fields, expected) => {
  expect(setUser(base, 'u', fields).users.get('u')?.value).toEqual(expected);
});

test('a token takes name and password away', async () => {
  const named = await parseKubeconfig('users: [{ name: u, user: { username: a, password: b } }]');
  expect(setUser(named, 'u', { token: 't' }).users.get('u')?.value).toEqual({ token: 't' });
});

test.each<[string, () => Kubeconfig, string]>([
  ['a context that is not there', () => useContext(base, 'x'), 'context "x" does not exist; there are: "a", "b"'],
  ['to rename what is not there', () => renameContext(base, 'x', 'y'), 'context "x" does not exist'],
  ['to rename to what is there', () => renameContext(base, 'a', 'b'), 'context "b" exists already'],
  ['to rename to nothing', () => renameContext(base, 'a', ''), 'the new name of a context may not be empty'],
  ['to delete what is not there', () => deleteUser(base, '\u001b'), 'user "\\u001b" does not exist; there are: "u"'],
  ['an entry without a name', () => setContext(base, '', {}), 'the name of a context may not be empty'],
  [
    'an authority and none',
    () => setCluster(base, 'c', { 'insecure-skip-tls-verify': true, 'certificate-authority': 'x' }),
    'certificate-authority and insecure-skip-tls-verify exclude each other',
  ],
  [
    'two authorities',
    () => setCluster(base, 'c', { 'certificate-authority': 'x', 'certificate-authority-data': 'QUI=' }),
    'certificate-authority and certificate-authority-data exclude each other',
  ],
  [
    'two ways to say who',
    () => setUser(base, 'u', { token: 'x', username: 'y' }),
    'a token, and username or password, exclude each other',
  ],
  [
    'two keys',
    () => setUser(base, 'u', { 'client-key': 'x', 'client-key-data': 'QUI=' }),
    'client-key and client-key-data exclude each other',
  ],
])('refused: %s', (_, change, message) => {
  expect(change).toThrow(
    expect.objectContaining({ name: 'KubeconfigError', message: expect.stringContaining(message) }),
  );
});
