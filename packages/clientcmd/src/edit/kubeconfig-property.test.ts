import { expect, test } from 'vitest';
import { parseKubeconfig } from '../parse-kubeconfig.js';
import { setProperty, unsetProperty } from './kubeconfig-property.js';

const Text = `
current-context: dev
clusters: [{ name: a.b, cluster: { server: "https://one" } }]
users: [{ name: u, user: { token: t, as: bob, as-groups: [x] } }]
contexts: [{ name: dev, context: { cluster: a.b, user: u } }]
`;
const base = await parseKubeconfig(Text, '/f');

test.each([
  ['clusters.a.b.server', 'https://two', 'a.b', { server: 'https://two' }, '/f'],
  ['clusters.a.b.disable-compression', 'T', 'a.b', { server: 'https://one', 'disable-compression': true }, '/f'],
  ['clusters.a.b.insecure-skip-tls-verify', '0', 'a.b', { server: 'https://one' }, '/f'],
  ['clusters.new.certificate-authority-data', 'QUI=', 'new', { 'certificate-authority-data': 'QUI=' }, undefined],
  ['clusters.server.server', 'x', 'server', { server: 'x' }, undefined],
  ['clusters..server', 'x', '', { server: 'x' }, undefined],
])('sets %s to %s', (property, value, name, expected, file) => {
  expect(setProperty(base, property, value).clusters.get(name)).toEqual({ value: expected, file });
});

test('sets the current context, without a question whether it exists', () => {
  expect(setProperty(base, 'current-context', 'gone').currentContext).toBe('gone');
});

test('takes away a field, an entry, or all', () => {
  expect(unsetProperty(base, 'current-context')).not.toHaveProperty('currentContext');
  expect(unsetProperty(base, 'users.u.as-groups').users.get('u')?.value).toEqual({ token: 't', as: 'bob' });
  expect(unsetProperty(base, 'clusters.a.b').clusters.size).toBe(0);
  expect(unsetProperty(base, 'contexts').contexts.size).toBe(0);
});

test.each(['users.gone', 'users.u.password', 'clusters.a'])('%s is not there already', (property) => {
  expect(unsetProperty(base, property)).toEqual(base);
});

test.each([
  ['', 'x', 'property "": expected current-context, or clusters, users or contexts'],
  ['preferences.colors', 'true', 'expected current-context, or clusters, users or contexts'],
  ['__proto__.x', 'y', 'expected current-context, or clusters, users or contexts'],
  ['clusters', 'x', 'expected a field behind the name'],
  ['clusters.a.b', 'x', 'expected a field behind the name'],
  ['clusters.a.b.toString', 'x', 'expected a field behind the name'],
  ['users.u.exec.command', 'x', 'there is nothing to choose within exec'],
  ['users.u.as-groups', 'x', 'is more than a text'],
  ['users.u.client-key-data', 's3cret', 'property "users.u.client-key-data": expected base64'],
  ['clusters.a.b.insecure-skip-tls-verify', 'yes', 'expected true or false'],
  ['clusters.a.b.insecure-skip-tls-verify', 'constructor', 'expected true or false'],
  ['users.u.token', '', 'taken away by unsetProperty'],
  ['users.u\u001b[2J.token.x', 'x', String.raw`property "users.u\u001b[2J.token.x": there is nothing to choose`],
])('refuses %j', (property, value, message) => {
  expect(() => setProperty(base, property, value)).toThrow(message);
});

test('a field of nobody is not taken away', () => {
  expect(() => unsetProperty(base, 'users.gone.token')).toThrow('user "gone" does not exist; there are: "u"');
});

test('names such as __proto__ are names', () => {
  expect(setProperty(base, 'users.__proto__.token', 'x').users.get('__proto__')?.value).toEqual({ token: 'x' });
});
