import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Environment } from '@client-ts/envtest';
import { exec } from '@client-ts/remotecommand';
import { copyFromPod, copyToPod } from '@client-ts/remotecommand/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KubectlResult, runKubectl } from '../clientcmd/kubectl.js';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from './pods.js';
import { MiB, randomMebibytes } from './random-bytes.js';

/** Names that some program or other takes for something else. */
const OddNames = [
  '-rf',
  'a b',
  "it's",
  '$HOME',
  'line\nbreak',
  'back\\slash',
  '*',
  'größe',
  'l'.repeat(200),
  '..dots',
  '#',
];

describeKubelet('files copied through kube-apiserver and kubelet', ({ kubectl }) => {
  let environment: Environment;
  let local: string;
  beforeAll(async () => {
    local = await mkdtemp(path.join(tmpdir(), 'copy-test-'));
    environment = await Environment.start({ kubelet: true });
    await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
    await shell('mkdir -p /tmp/remote');
  });
  afterAll(async () => {
    await environment?.[Symbol.asyncDispose]();
    await rm(local, { recursive: true });
  });

  const here = (name: string): string => path.join(local, name);
  const where = { namespace: 'default', pod: 'web' };

  async function shell(script: string): Promise<string> {
    await using process = await exec(environment.config, { ...where, command: ['sh', '-c', script], stderr: false });
    const said = await text(process.stdout);
    expect(await process.exit).toEqual({ code: 0 });
    return said;
  }

  const kubectlCp = (from: string, to: string): Promise<KubectlResult> =>
    runKubectl(kubectl, ['cp', from, to], {
      KUBECONFIG: environment.kubeconfig,
      HOME: '/nonexistent',
      PATH: '/usr/bin:/bin',
    });

  /** Files of these names, in directories of these names, and what else there is; returns the files and their texts. */
  async function makeTree(root: string, names: string[]): Promise<Record<string, string>> {
    const files = Object.fromEntries(
      names.flatMap((name) => [
        [name, name],
        [`in ${name.slice(0, 50)}/${name}`, ''],
      ]),
    );
    files['script'] = 'exit';
    await mkdir(here(`${root}/empty`), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(here(`${root}/${name}`)), { recursive: true });
      await writeFile(here(`${root}/${name}`), content);
    }
    await chmod(here(`${root}/script`), 0o755);
    await symlink('script', here(`${root}/link`));
    return files;
  }

  const listing = (of: string, which: string): string =>
    `cd ${of} && find . ${which} -printf '%p %y %m %l\\n' | LC_ALL=C sort`;

  /** All files below, with their texts. */
  async function tree(directory: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const place = path.join(entry.parentPath, entry.name);
      found[path.relative(directory, place)] = await readFile(place, 'utf8');
    }
    return found;
  }

  test('24 MiB arrive whole, there and back, with progress', async () => {
    const hash = createHash('sha256');
    await writeFile(here('large'), randomMebibytes(24, hash));
    const sha256 = hash.digest('hex');
    const seen: number[] = [];
    const onProgress = ({ bytes }: { bytes: number }): void => void seen.push(bytes);
    const done = { files: 1, bytes: 24 * MiB, skipped: [] };
    expect(
      await copyToPod(environment.config, { ...where, from: here('large'), to: '/tmp/remote/moved', onProgress }),
    ).toEqual(done);
    expect(await shell('sha256sum < /tmp/remote/moved')).toContain(sha256);
    expect([seen.at(-1), seen.length > 24, seen.every((bytes, i) => i === 0 || bytes > seen[i - 1]!)]).toEqual([
      24 * MiB,
      true,
      true,
    ]);
    expect(await copyFromPod(environment.config, { ...where, from: '/tmp/remote/moved', to: here('again') })).toEqual(
      done,
    );
    expect(
      createHash('sha256')
        .update(await readFile(here('again')))
        .digest('hex'),
    ).toBe(sha256);
  });

  test('a tree arrives as it is, there and back, whatever its files are called', async () => {
    const files = await makeTree('odd', OddNames);
    await copyToPod(environment.config, { ...where, from: here('odd'), to: '/tmp/remote/odd' });
    const { stdout: truth } = await promisify(execFile)('sh', ['-c', listing(here('odd'), '')]);
    expect(await shell(listing('/tmp/remote/odd', ''))).toBe(truth);
    await shell(
      `cd /tmp/remote/odd && printf x > "$(printf '\\377')" && printf x > "$(printf '\\376')" && chmod 500 empty`,
    );
    const summary = await copyFromPod(environment.config, { ...where, from: '/tmp/remote/odd/', to: here('back') });
    expect(summary.files).toBe(Object.keys(files).length);
    expect(summary.skipped.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: 'link', type: 'symlink' },
      { path: '\uFFFD', type: 'undecodable' },
      { path: '\uFFFD', type: 'undecodable' },
    ]);
    expect(await tree(here('back'))).toEqual(files);
    for (const [name, mode] of Object.entries({ script: 0o755, empty: 0o500 })) {
      expect((await stat(here(`back/${name}`))).mode & 0o777).toBe(mode);
    }
  });

  test('a tree arrives as kubectl brings it, there and back', async () => {
    const files = await makeTree('plain', ['a b', "it's", '..dots', 'größe', 'l'.repeat(200)]);
    await copyToPod(environment.config, { ...where, from: here('plain'), to: '/tmp/remote/ours' });
    expect(await kubectlCp(here('plain'), 'web:/tmp/remote/theirs')).toMatchObject({ code: 0 });
    // kubectl gives directories no mode of their own.
    const [ours, theirs] = ['ours', 'theirs'].map((name) => shell(listing(`/tmp/remote/${name}`, '-not -type d')));
    expect(await ours).toBe(await theirs);
    await copyFromPod(environment.config, { ...where, from: '/tmp/remote/ours', to: here('ours') });
    expect(await kubectlCp('web:/tmp/remote/ours', here('theirs'))).toMatchObject({ code: 0 });
    expect([await tree(here('ours')), await tree(here('theirs'))]).toEqual([files, files]);
  });

  test('goes into a directory that is there', async () => {
    await writeFile(here('small'), 'small');
    await copyToPod(environment.config, { ...where, from: here('small'), to: '/tmp/remote' });
    expect(await shell('cat /tmp/remote/small')).toBe('small');
    await mkdir(here('there'));
    await copyFromPod(environment.config, { ...where, from: '/tmp/remote/small', to: here('there') });
    expect(await tree(here('there'))).toEqual({ small: 'small' });
  });

  test('says what tar says against it', async () => {
    const from = copyFromPod(environment.config, { ...where, from: '/tmp/none', to: here('none') });
    await expect(from).rejects.toMatchObject({
      name: 'CopyError',
      code: 2,
      message: expect.stringContaining('No such file') as string,
    });
    await writeFile(here('small'), 'small');
    const to = copyToPod(environment.config, { ...where, from: here('small'), to: '/tmp/none/small' });
    await expect(to).rejects.toMatchObject({
      name: 'CopyError',
      code: 2,
      message: expect.stringContaining('/tmp/none') as string,
    });
    await expect(copyToPod(environment.config, { ...where, from: here('none'), to: '/tmp' })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(await readdir(local)).not.toContain('none');
  });

  test('a failure here ends it at once, in both directions', async () => {
    const why = new Error('enough');
    const stop = (): never => {
      throw why;
    };
    await shell('head -c 100000000 /dev/zero > /tmp/remote/zeros');
    const copy = { ...where, onProgress: stop };
    await expect(
      copyFromPod(environment.config, { ...copy, from: '/tmp/remote/zeros', to: here('zeros') }),
    ).rejects.toBe(why);
    await writeFile(here('zeros'), new Uint8Array(MiB));
    await expect(copyToPod(environment.config, { ...copy, from: here('zeros'), to: '/tmp/remote/part' })).rejects.toBe(
      why,
    );
  });

  test('an abort ends it, and leaves no part of a file', async () => {
    const why = new Error('enough');
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(why);
    const { signal } = controller;
    const copying = copyFromPod(environment.config, {
      ...where,
      from: '/tmp/remote/zeros',
      to: here('aborted'),
      onProgress,
      signal,
    });
    await expect(copying).rejects.toBe(why);
    expect(await readdir(local)).not.toContain('aborted');
  });
});
