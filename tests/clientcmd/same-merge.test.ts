import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Entry, type Kubeconfig, loadKubeconfig } from '@client-ts/clientcmd';
import { describeReal } from '../envtest/describe-real.js';
import { runKubectl } from './kubectl.js';

/** Files of the table below; `absent` is in none of the directories. */
const Files = {
  one: `
current-context: one
clusters:
- { name: shared, cluster: { server: "https://one", insecure-skip-tls-verify: true } }
- { name: one, cluster: { server: "https://only-one" } }
users: [{ name: shared, user: { token: one } }]
contexts: [{ name: shared, context: { cluster: one, user: shared, namespace: one } }]
`,
  two: `
current-context: two
clusters:
- { name: two, cluster: { server: "https://only-two", proxy-url: "http://proxy" } }
- { name: shared, cluster: { server: "https://two", tls-server-name: two } }
users: [{ name: shared, user: { username: two, password: pw } }, { name: two, user: { token: "0123" } }]
contexts: [{ name: shared, context: { cluster: two } }, { name: two, context: { cluster: two, user: two } }]
`,
  noContext: 'users: [{ name: third, user: { as: bob, as-uid: "7", as-groups: [a, b], as-user-extra: { k: [v] } } }]',
  emptyCurrent: 'current-context: ""\nclusters: [{ name: shared, cluster: { server: "https://empty" } }]',
  nulls:
    'apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\ncurrent-context: ""\npreferences: {}\nusers: null\n',
  empty: '',
  json: '{"clusters": [{"name": "json", "cluster": {"server": "https://json"}}], "current-context": "json"}',
  emptyEntry: 'clusters: [{ name: one }]\nusers: [{ name: shared, user: {} }]',
  octal: 'users: [{ name: numeric, user: { token: "0o17", username: "yes" } }]',
} as const;

type FileName = keyof typeof Files | 'absent';

const cases: readonly (readonly FileName[])[] = [
  ['one'],
  ['one', 'two'],
  ['two', 'one'],
  ['noContext', 'two', 'one'],
  ['absent', 'one', 'absent', 'two'],
  ['one', 'one', 'two'],
  ['emptyCurrent', 'two'],
  ['empty', 'one'],
  ['nulls', 'two'],
  ['json', 'one'],
  ['emptyEntry', 'one', 'two'],
  ['octal', 'noContext'],
  ['absent'],
];

describeReal('kubeconfig files are merged as kubectl merges them', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'same-merge-'));
    for (const [name, text] of Object.entries(Files)) await writeFile(path.join(directory, name), text);
  });
  afterAll(() => rm(directory, { recursive: true }));

  test.each(cases.map((files) => [files.join(', '), files] as const))('%s', async (_, files) => {
    const env = { KUBECONFIG: files.map((file) => path.join(directory, file)).join(path.delimiter), HOME: directory };
    const { stdout, stderr, code } = await runKubectl(kubectl, ['config', 'view', '--raw', '-o', 'json'], env);
    expect([code, stderr]).toEqual([0, '']);
    expect(toView(await loadKubeconfig({ env }))).toEqual(fromKubectl(stdout));
  });
});

interface View {
  readonly currentContext: string;
  readonly clusters: object;
  readonly users: object;
  readonly contexts: object;
}

function toView({ currentContext = '', clusters, users, contexts }: Kubeconfig): View {
  const values = (entries: ReadonlyMap<string, Entry<unknown>>): object =>
    Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
  return { currentContext, clusters: values(clusters), users: values(users), contexts: values(contexts) };
}

/** Without the fields that kubectl always writes, though nobody gave them. */
function fromKubectl(json: string): View {
  const view = JSON.parse(json) as Record<string, unknown>;
  const values = (plural: string, singular: string): object =>
    Object.fromEntries(
      ((view[plural] as Record<string, unknown>[] | null) ?? []).map((entry) => {
        const given = Object.entries(entry[singular] as object).filter(([, value]) => value !== '');
        return [entry['name'], Object.fromEntries(given)];
      }),
    );
  return {
    currentContext: view['current-context'] as string,
    clusters: values('clusters', 'cluster'),
    users: values('users', 'user'),
    contexts: values('contexts', 'context'),
  };
}
