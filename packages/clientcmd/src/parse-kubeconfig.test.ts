import { describe, expect, test } from 'vitest';
import { parseKubeconfig } from './parse-kubeconfig.js';

describe('parseKubeconfig', () => {
  test('keeps entries by name, with the file that they come from', async () => {
    const { clusters, users, contexts, currentContext } = await parseKubeconfig(
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
    ['a document with nothing behind it', 'users: []\n---\n'],
    [
      'null where a list belongs, as kubectl writes it',
      'clusters: null\nusers: null\ncontexts: null\ncurrent-context: ""',
    ],
  ])('%s is an empty kubeconfig', async (_, text) => {
    expect(await parseKubeconfig(text)).toEqual({
      clusters: new Map(),
      users: new Map(),
      contexts: new Map(),
      files: [],
    });
  });

  test('fields that are null, and fields that nobody knows, are left out', async () => {
    const text = 'clusters: [{ name: c, cluster: { server: s, proxy-url: null, future: 1 } }]';
    expect((await parseKubeconfig(text)).clusters.get('c')?.value).toEqual({ server: 's' });
  });

  test('an entry without a name has an empty one, as for kubectl', async () => {
    expect([...(await parseKubeconfig('clusters: [{ cluster: { server: s } }]')).clusters.keys()]).toEqual(['']);
    expect([...(await parseKubeconfig('clusters: [null]')).clusters]).toEqual([['', { value: {}, file: undefined }]]);
  });

  test('extensions and preferences are kept', async () => {
    const { extensions, preferences, contexts } = await parseKubeconfig(`
preferences: { colors: true, extensions: [{ name: p, extension: { a: 1 } }] }
extensions: [{ name: top, extension: [1] }]
contexts: [{ name: c, context: { extensions: [{ name: e, extension: { __proto__: { x: 1 } } }] } }]
`);
    expect(extensions).toEqual([{ name: 'top', extension: [1] }]);
    expect(preferences).toEqual({ colors: true, extensions: [{ name: 'p', extension: { a: 1 } }] });
    expect(JSON.stringify(contexts.get('c')?.value)).toBe(
      '{"extensions":[{"name":"e","extension":{"__proto__":{"x":1}}}]}',
    );
  });

  test('aliases that multiply are refused, and quickly', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    const text = ['l0: &l0 [x]', ...levels].join('\n');
    await expect(parseKubeconfig(text, 'f')).rejects.toThrow(
      /^f: line \d+, column \d+: too many values come from aliases/,
    );
  });

  test('an alias that is part of itself is refused', async () => {
    await expect(parseKubeconfig('extensions: &a [{ name: e, extension: *a }]', 'f')).rejects.toThrow(
      /^f: line 1, column \d+/,
    );
  });

  test('entries called __proto__ are entries', async () => {
    const text = 'users: [{ name: __proto__, user: { token: t, __proto__: { username: u } } }]';
    const { users } = await parseKubeconfig(text);
    expect([...users.keys()]).toEqual(['__proto__']);
    expect(users.get('__proto__')?.value).toEqual({ token: 't' });
    expect(users.get('__proto__')?.value.username).toBeUndefined();
  });

  test('keys called __proto__ are keys', async () => {
    const text = `users: [{ name: u, user: {
      as: bob, as-user-extra: { __proto__: [x] }, auth-provider: { name: oidc, config: { __proto__: z } } } }]`;
    const user = (await parseKubeconfig(text)).users.get('u')?.value;
    expect(Object.entries(user?.['as-user-extra'] ?? {})).toEqual([['__proto__', ['x']]]);
    expect(Object.entries(user?.['auth-provider']?.config ?? {})).toEqual([['__proto__', 'z']]);
  });

  test.each([
    ['text that is not YAML', 'clusters:\n  - name: "open', /^f: line 2, column \d+: /],
    ['the same key twice', 'clusters: []\nclusters: []', /^f: line 2, column 1: /],
    ['the same key of JSON twice', '{"users": [],\n"users": []}', 'f: line 2, column 1: keys must be unique'],
    ['JSON that does not end', '{"users": [', /^f: line 1, column \d+: /],
    ['two documents', 'users: []\n---\nusers: []', 'f: expected one document, got several'],
    ['a list', '[]', 'f: expected a kubeconfig, got a list'],
    ['a text', 'hello', 'f: expected a kubeconfig, got a string'],
    ['a current context that is no text', 'current-context: 5', 'f: current-context: expected a string, got a number'],
    ['clusters that are no list', 'clusters: {}', 'f: clusters: expected a list, got an object'],
    ['another version', 'apiVersion: v2', 'f: apiVersion: expected v1'],
    ['another kind', 'kind: Pod', 'f: kind: expected Config'],
    ['an entry whose name is no text', 'users: [{ name: 5 }]', 'f: users[0].name: expected a string, got a number'],
    ['an entry that is no object', 'users: [x]', 'f: users[0]: expected an object, got a string'],
    ['two entries without a name', 'users: [{}, null]', 'f: users: there are two entries called ""'],
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
      'f: user "a": as-user-extra[…]: expected a list of strings, got a string',
    ],
    [
      'a list with nothing in it',
      'users: [{ name: a, user: { as-groups: [null] } }]',
      'f: user "a": as-groups[0]: expected a string, got nothing',
    ],
    [
      'data that is not base64',
      'users: [{ name: a, user: { client-key-data: "a secret" } }]',
      'f: user "a": client-key-data: expected base64',
    ],
    [
      'a variable of a plugin that is no text',
      'users: [{ name: a, user: { exec: { env: [{ name: A, value: 5 }] } } }]',
      'f: user "a": exec.env[0].value: expected a string, got a number',
    ],
    [
      'an argument of a provider that is no text',
      'users: [{ name: a, user: { auth-provider: { config: { expiry: 5 } } } }]',
      'f: user "a": auth-provider.config[…]: expected a string, got a number',
    ],
    [
      'two extensions of one name',
      'contexts: [{ name: a, context: { extensions: [{ name: e }, { name: e }] } }]',
      'f: context "a": extensions: there are two called "e"',
    ],
    [
      'preferences that are none',
      'preferences: { colors: 5 }',
      'f: preferences.colors: expected true or false, got a number',
    ],
    [
      'a name that controls the terminal, in a message',
      'users: [{ name: "\\e[2Ja\\u202e", user: 5 }]',
      'f: user "\\u001b[2Ja\\u202e": expected an object, got a number',
    ],
  ])('refuses %s', async (_, text, message) => {
    await expect(parseKubeconfig(text, 'f')).rejects.toThrow(message);
    await expect(parseKubeconfig(text, 'f')).rejects.toThrow(expect.objectContaining({ name: 'KubeconfigError' }));
  });
});
