import * as fc from 'fast-check';
import { toBase64 } from './ask-version.js';
import type { RecordingServer } from './recording-server.js';

/** Kubeconfigs, and the files that they point to. */
export interface GeneratedSet {
  readonly name: string;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What is listed in `KUBECONFIG`: some of it may not exist. */
  readonly list: readonly string[];
  /** What the path of each request begins with. */
  readonly prefix: string;
}

/** What can be said about a cluster, a user or a context, in fields that a form of it sets. */
type Forms = readonly (readonly [weight: number, fields: object])[];

/** Where the kubeconfigs of a set are. Files that they point to are in `pki` beside each. */
const Places: readonly string[] = ['config', 'sub/config', 'sub/deep/config'];

/** Stands for that of the set. */
const Prefix = '/PREFIX';

const apiVersion = 'client.authentication.k8s.io/v1';

const oneOf = (forms: Forms): fc.Arbitrary<object> =>
  fc.oneof(...forms.map(([weight, fields]) => ({ weight, arbitrary: fc.constant(fields) })));

/** Those of several forms together. */
const all = (...forms: Forms[]): fc.Arbitrary<object> =>
  fc.tuple(...forms.map(oneOf)).map((parts) => Object.assign({}, ...parts) as object);

function clusterOf(server: RecordingServer): fc.Arbitrary<object> {
  const at = (host: string): object => ({ server: `https://${host}:${server.port}${Prefix}` });
  const servers: Forms = [
    [16, at('127.0.0.1')],
    [6, at('localhost')],
    [1, { server: `https://127.0.0.1:${server.port}${Prefix}/below/?a=b#c` }],
    [1, {}],
    [1, { server: `127.0.0.1:${server.port}` }],
    [1, { server: 'https://127.0.0.1:1' }],
  ];
  const trust: Forms = [
    [16, { 'certificate-authority-data': toBase64(server.ca) }],
    [8, { 'certificate-authority': 'pki/ca.crt' }],
    [4, { 'insecure-skip-tls-verify': true }],
    [1, {}],
    [1, { 'certificate-authority': 'pki/absent.crt' }],
    [1, { 'certificate-authority': 'pki/ca.crt', 'certificate-authority-data': toBase64(server.ca) }],
    [1, { 'certificate-authority': 'pki/ca.crt', 'insecure-skip-tls-verify': true }],
    [1, { 'certificate-authority-data': toBase64('hello') }],
    [1, { 'certificate-authority': 'pki/token' }],
  ];
  const others: Forms = [
    [16, {}],
    [3, { 'tls-server-name': 'other.example' }],
    [1, { 'tls-server-name': 'wrong.example' }],
    [2, { 'disable-compression': true }],
    [1, { 'proxy-url': 'ftp://proxy' }],
    [1, { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { a: 1 } }] }],
  ];
  return all(servers, trust, others);
}

/** kubectl asks for a password where there is nothing to say who somebody is: so there always is something. */
function userOf({ client }: RecordingServer): fc.Arbitrary<object> {
  const exec = { command: './pki/plugin', apiVersion, interactiveMode: 'Never' };
  const credentials: Forms = [
    [4, { token: 'in-line' }],
    [3, { tokenFile: 'pki/token' }],
    [2, { token: 'in-line', tokenFile: 'pki/token' }],
    [1, { token: 'in-line', tokenFile: 'pki/absent' }],
    [1, { tokenFile: 'pki/absent' }],
    [2, { username: 'u', password: 'p' }],
    [1, { username: 'u' }],
    [1, { token: 'in-line', username: 'u' }],
    [2, { 'client-certificate': 'pki/client.crt', 'client-key': 'pki/client.key' }],
    [2, { 'client-certificate-data': toBase64(client.cert), 'client-key-data': toBase64(client.key) }],
    [1, { 'client-certificate': 'pki/client.crt', 'client-key-data': toBase64(client.key), token: 'in-line' }],
    [1, { 'client-certificate': 'pki/client.crt' }],
    [1, { 'client-key': 'pki/client.key', token: 'in-line' }],
    [1, { 'client-certificate': 'pki/ca.crt', 'client-key': 'pki/client.key' }],
    [3, { exec }],
    [1, { exec: { ...exec, provideClusterInfo: true, env: [{ name: 'A', value: 'b' }] } }],
    [1, { exec, token: 'in-line' }],
    [1, { exec: { ...exec, interactiveMode: undefined } }],
    [1, { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1beta1' } }],
    [1, { exec: { ...exec, command: './pki/absent' } }],
    [1, { exec, 'auth-provider': { name: 'oidc' } }],
    [1, { 'auth-provider': { name: 'gcp' } }],
  ];
  const acting: Forms = [
    [16, {}],
    [5, { as: 'bob' }],
    [5, { as: 'bob', 'as-uid': '7', 'as-groups': ['a', 'b'], 'as-user-extra': { 'x/Y%': ['1', '2'] } }],
    [1, { 'as-groups': ['a'] }],
  ];
  return all(credentials, acting);
}

const contextOf: fc.Arbitrary<object> = all(
  [
    [16, { cluster: 'a' }],
    [8, { cluster: 'b' }],
    [1, { cluster: 'absent' }],
  ],
  [
    [16, { user: 'a' }],
    [8, { user: 'b' }],
    [1, { user: 'absent' }],
  ],
  [
    [4, {}],
    [2, { namespace: 'web' }],
    [1, { namespace: 'Not_One' }],
  ],
);

/** Entries of one list: some of the names. */
function entries(kind: string, names: readonly string[], value: fc.Arbitrary<object>): fc.Arbitrary<object[]> {
  return fc
    .tuple(
      fc.oneof({ weight: 7, arbitrary: fc.constant(names) }, fc.subarray([...names])),
      fc.array(value, { minLength: names.length, maxLength: names.length }),
    )
    .map(([chosen, values]) => chosen.map((name, at) => ({ name, [kind]: values[at] })));
}

/** Kubeconfigs that may be good or bad, the same ones in every run. */
export function generatedSets(count: number, server: RecordingServer): readonly GeneratedSet[] {
  const kubeconfig = fc.record({
    'current-context': fc.constantFrom('one', 'one', 'one', 'two', 'two', 'two', 'absent', undefined),
    clusters: entries('cluster', ['a', 'b'], clusterOf(server)),
    users: entries('user', ['a', 'b'], userOf(server)),
    contexts: entries('context', ['one', 'two'], contextOf),
  });
  const sets = fc.array(kubeconfig, { minLength: 1, maxLength: Places.length }).chain((kubeconfigs) => {
    const files = kubeconfigs.map((content, at) => [Places[at] ?? '', JSON.stringify(content)] as const);
    const order = fc.shuffledSubarray([...files.map(([place]) => place), 'absent'], { minLength: files.length });
    return order.map((list) => ({ files, list }));
  });
  return fc.sample(sets, { numRuns: count, seed: 1 }).map(({ files, list }, index) => {
    const own = files.map(([place, text]) => [place, text.replaceAll(Prefix, `/set${index}`)]);
    return {
      name: `set ${index}`,
      files: Object.fromEntries(own) as GeneratedSet['files'],
      list,
      prefix: `/set${index}/`,
    };
  });
}

/** What the kubeconfig at a place may point to. The plugin gives a token of its place. */
export function pkiOf(server: RecordingServer, place: string): Readonly<Record<string, string>> {
  const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: `of plugin of ${place}` } });
  return {
    'ca.crt': server.ca,
    'client.crt': server.client.cert,
    'client.key': server.client.key,
    token: `of ${place}\n`,
    plugin: `#!/bin/sh\necho '${credential}'\n`,
  };
}
