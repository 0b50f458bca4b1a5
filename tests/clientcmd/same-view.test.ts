import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseJson } from '@client-ts/apimachinery';
import {
  flattenKubeconfig,
  type Kubeconfig,
  kubeconfigObject,
  loadKubeconfig,
  minifyKubeconfig,
  redactKubeconfig,
} from '@client-ts/clientcmd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { generatedCases } from './generated-cases.js';
import { type KubectlResult, runKubectl } from './kubectl.js';
import { refusedCases, type ViewCase, viewCases } from './view-cases.js';

/** The ways of looking at a kubeconfig, in both worlds. */
const ways: Readonly<Record<string, (kubeconfig: Kubeconfig) => Kubeconfig | Promise<Kubeconfig>>> = {
  '--raw': (kubeconfig) => kubeconfig,
  '': redactKubeconfig,
  '--minify': (kubeconfig) => redactKubeconfig(minifyKubeconfig(kubeconfig)),
  '--minify --flatten': (kubeconfig) => flattenKubeconfig(minifyKubeconfig(kubeconfig)),
};

describeReal('a kubeconfig looks as kubectl shows it', ['kubectl'], ({ kubectl }) => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'same-view-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  async function write({ name, files, list = Object.keys(files) }: ViewCase) {
    const directory = path.join(root, encodeURIComponent(name));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
      await writeFile(path.join(directory, file), text);
    }
    const listed = list.filter((file) => !file.startsWith('pki/'));
    const KUBECONFIG = listed.map((file) => file && path.join(directory, file)).join(path.delimiter);
    const env = { KUBECONFIG, HOME: directory };
    const view = (flags: string): Promise<KubectlResult> =>
      runKubectl(kubectl, ['config', 'view', '-o', 'json', ...flags.split(' ').filter(Boolean)], env);
    return { env, view };
  }

  /** A kubeconfig without a current context cannot be minified. */
  const canMinify = ({ files }: ViewCase): boolean =>
    /current-context"?: *"?[a-z]/.test(Object.values(files).join('\n'));
  const complete = viewCases.filter((row) => canMinify(row) && /contexts/.test(Object.values(row.files).join('\n')));

  describe.each(Object.entries(ways))('config view %s', (flags, look) => {
    const rows = flags.includes('--minify') ? complete : viewCases;
    test.concurrent.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
      const { env, view } = await write(row);
      const [theirs, ours] = await Promise.all([view(flags), loadKubeconfig({ env }).then(look)]);
      expect([theirs.code, theirs.stderr]).toEqual([0, '']);
      expect(kubeconfigObject(ours)).toEqual(parseJson(theirs.stdout));
    });
  });

  test.concurrent.each(generatedCases(50).map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const { env, view } = await write(row);
    const [theirs, kubeconfig] = await Promise.all([view('--raw'), loadKubeconfig({ env })]);
    expect([theirs.code, theirs.stderr]).toEqual([0, '']);
    expect(kubeconfigObject(kubeconfig)).toEqual(parseJson(theirs.stdout));
  });

  test.concurrent.each(refusedCases.map((row) => [row.name, row] as const))('both refuse %s', async (_, row) => {
    const { env, view } = await write(row);
    expect((await view('--minify --flatten')).code).not.toBe(0);
    const ours = async (): Promise<Kubeconfig> => flattenKubeconfig(minifyKubeconfig(await loadKubeconfig({ env })));
    await expect(ours()).rejects.toThrow(row.says);
  });

  describe('on purpose otherwise', () => {
    test.each<[string, string, string, string]>([
      ['the same field twice', 'users: []\nusers: [{ name: u }]', '"name": "u"', 'keys must be unique'],
      ['a second document', 'users: []\n---\nusers: [{ name: u }]', '"users": null', 'expected one document'],
      [
        'a group that is null',
        'users: [{ name: u, user: { as-groups: [null] } }]',
        '""',
        'expected a string, got nothing',
      ],
    ])('kubectl overlooks %s', async (name, config, shows, says) => {
      const { env, view } = await write({ name, files: { config } });
      const theirs = await view('--raw');
      expect([theirs.code, theirs.stdout]).toEqual([0, expect.stringContaining(shows)]);
      await expect(loadKubeconfig({ env })).rejects.toThrow(says);
    });

    test('kubectl shows the tokens of a provider, and the password of a proxy', async () => {
      const config = `
clusters: [{ name: c, cluster: { proxy-url: "http://me:hunter2@proxy/" } }]
users: [{ name: u, user: { auth-provider: { name: oidc, config: { refresh-token: hunter2, client-id: me } } } }]
`;
      const { env, view } = await write({ name: 'secrets', files: { config } });
      const theirs = (await view('')).stdout;
      expect(theirs.match(/hunter2/g)).toHaveLength(2);
      const ours = kubeconfigObject(redactKubeconfig(await loadKubeconfig({ env })));
      expect(ours).toEqual(parseJson(theirs.replaceAll('hunter2', 'REDACTED')));
    });
  });
});
