import { describe, expect, test } from 'vitest';
import { parseKubeconfig } from './parse-kubeconfig.js';

describe('parseKubeconfig', () => {
  test('keeps entries by name, with the file that they come from', () => {
    const { clusters, users, contexts, currentContext } = parseKubeconfig(
      `
apiVersion: v1
kind: Config
current-context: dev
clusters: [{ name: c, cluster: { server: "https://one" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: dev, context: { cluster: c, user: u, namespace: web } }]
`,
      '/etc/config',
    );
    expect(currentContext).toBe('dev');
    expect(clusters.get('c')).toEqual({ value: { server: 'https://one' }, file: '/etc/config' });
    expect(users.get('u')?.value).toEqual({ token: 't' });
    expect(contexts.get('dev')?.value).toEqual({ cluster: 'c', user: 'u', namespace: 'web' });
  });

  test.each([
    ['empty text', ''],
    ['a comment', '# nothing'],
    ['JSON', '{"clusters": [], "users": []}'],
    [
      'null where a list belongs, as kubectl writes it',
      'clusters: null\nusers: null\ncontexts: null\ncurrent-context: ""',
    ],
  ])('%s is an empty kubeconfig', (_, text) => {
    expect(parseKubeconfig(text)).toEqual({ clusters: new Map(), users: new Map(), contexts: new Map(), files: [] });
  });

  test('fields that are null, and fields that nobody knows, are left out', () => {
    const text = 'clusters: [{ name: c, cluster: { server: s, proxy-url: null, future: 1, extensions: [] } }]';
    expect(parseKubeconfig(text).clusters.get('c')?.value).toEqual({ server: 's' });
  });

  test('entries called __proto__ are entries', () => {
    const text = 'users: [{ name: __proto__, user: { token: t, __proto__: { username: u } } }]';
    const { users } = parseKubeconfig(text);
    expect([...users.keys()]).toEqual(['__proto__']);
    expect(users.get('__proto__')?.value).toEqual({ token: 't' });
    expect(users.get('__proto__')?.value.username).toBeUndefined();
  });

  test.each([
    ['text that is not YAML', 'clusters:\n  - name: "open', /^f: line 2, column \d+: /],
    ['the same key twice', 'clusters: []\nclusters: []', /^f: line 2, column 1: /],
    ['a list', '[]', 'f: expected a kubeconfig, got a list'],
    ['a text', 'hello', 'f: expected a kubeconfig, got a string'],
    ['a current context that is no text', 'current-context: 5', 'f: current-context: expected a string, got a number'],
    ['clusters that are no list', 'clusters: {}', 'f: clusters: expected a list, got an object'],
    ['an entry without a name', 'users: [{ user: {} }]', 'f: users[0].name: expected a string, got nothing'],
    ['an entry that is no object', 'users: [x]', 'f: users[0].name: expected a string, got nothing'],
    ['two entries of one name', 'users: [{ name: a }, { name: a }]', 'f: users: there are two entries called "a"'],
    [
      'a body that is no object',
      'contexts: [{ name: a, context: x }]',
      'f: context "a": expected an object, got a string',
    ],
    [
      'a number for a string',
      'users: [{ name: a, user: { token: 12345 } }]',
      'f: user "a": token: expected a string, got a number',
    ],
    [
      'a string for a boolean',
      'clusters: [{ name: a, cluster: { insecure-skip-tls-verify: "true" } }]',
      'f: cluster "a": insecure-skip-tls-verify: expected true or false, got a string',
    ],
    [
      'groups that are one string',
      'users: [{ name: a, user: { as: b, as-groups: admins } }]',
      'f: user "a": as-groups: expected a list of strings, got a string',
    ],
    [
      'extra values that are no lists',
      'users: [{ name: a, user: { as: b, as-user-extra: { scope: dev } } }]',
      'f: user "a": as-user-extra: expected lists of strings by key, got an object',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseKubeconfig(text, 'f')).toThrow(message);
    expect(() => parseKubeconfig(text, 'f')).toThrow(expect.objectContaining({ name: 'KubeconfigError' }));
  });
});
