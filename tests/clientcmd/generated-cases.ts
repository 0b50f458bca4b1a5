import * as fc from 'fast-check';
import type { ViewCase } from './view-cases.js';

const name = fc.constantFrom('a', 'b', 'c', 'a b', 'true', '0123', '', 'é', '__proto__', 'x: y');
const text = fc.constantFrom(
  '',
  'a',
  'https://one',
  'true',
  '0o17',
  'null',
  '2001-01-01',
  ' # no comment',
  'it\'s "it"',
  '\u001b[0m',
);
const data = fc.constantFrom('', 'QUI=', 'QUJD\nQUJD');
const extensions = fc.uniqueArray(fc.record({ name, extension: fc.jsonValue({ maxDepth: 1 }) }), {
  selector: (extension) => extension.name,
  maxLength: 2,
});

/** Any of the fields, or `null` for one of them. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const nullable = Object.entries(fields).map(([field, value]) => [field, fc.option(value, { freq: 9 })] as const);
  return fc.record(Object.fromEntries(nullable), { requiredKeys: [] });
}

const lists = {
  clusters: some({
    server: text,
    'tls-server-name': text,
    'insecure-skip-tls-verify': fc.boolean(),
    'certificate-authority': text,
    'certificate-authority-data': data,
    'proxy-url': fc.constantFrom('', 'http://proxy', 'socks5://me@proxy:1080'),
    'disable-compression': fc.boolean(),
    extensions,
  }),
  users: some({
    token: text,
    tokenFile: text,
    username: text,
    password: text,
    'client-key-data': data,
    as: text,
    'as-uid': text,
    'as-groups': fc.array(text, { maxLength: 2 }),
    'as-user-extra': fc.dictionary(name, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
    exec: some({
      command: text,
      args: fc.array(text, { maxLength: 2 }),
      env: fc.array(some({ name, value: text }), { maxLength: 2 }),
      apiVersion: fc.constantFrom('client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1', ''),
      installHint: text,
      provideClusterInfo: fc.boolean(),
      interactiveMode: fc.constantFrom('', 'Never', 'Always'),
    }),
    'auth-provider': some({ name: text, config: fc.dictionary(name, text, { maxKeys: 2 }) }),
    extensions,
  }),
  contexts: some({ cluster: name, user: name, namespace: text, extensions }),
};

const Kinds = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;

const file = some({
  'current-context': name,
  preferences: some({ colors: fc.boolean(), extensions }),
  extensions,
  ...Object.fromEntries(
    (['clusters', 'users', 'contexts'] as const).map((list) => [
      list,
      fc.uniqueArray(fc.record({ name, [Kinds[list]]: fc.option(lists[list], { freq: 9 }) }, { requiredKeys: [] }), {
        selector: (entry) => entry.name ?? '',
        maxLength: 4,
      }),
    ]),
  ),
});

/** Some of all kubeconfigs that are valid, the same in every run: one to three files, as JSON. */
export function generatedCases(count: number): readonly ViewCase[] {
  return fc
    .sample(fc.array(file, { minLength: 1, maxLength: 3 }), { numRuns: count, seed: 20 })
    .map((files, index) => ({
      name: `generated ${index + 1}`,
      files: Object.fromEntries(files.map((content, place) => [`config${place}`, JSON.stringify(content)])),
    }));
}
