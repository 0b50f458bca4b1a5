import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Environment, ServerExitedError } from '@client-ts/envtest';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers } from './answers.js';
import { describeKubelet } from './describe-kubelet.js';
import { describeReal } from './describe-real.js';
import { leftoversOf } from './leftovers.js';

describeReal('starting an environment', ['etcd', 'kubeApiserver'], ({ etcd }) => {
  /** Where environments put their files, so that what they leave can be seen; and programs that stand in for real ones. */
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'envtest-failures-'));
    vi.stubEnv('TMPDIR', directory);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });

  async function leftovers(): Promise<string[]> {
    return (await readdir(directory)).filter((name) => /^client-ts-envtest-(?!ports)/.test(name));
  }

  async function program(script: string): Promise<string> {
    const file = path.join(directory, 'program');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  test('fails at once when kube-apiserver dies, with its last words, and leaves nothing behind', async () => {
    const started = Environment.start({ apiServerFlags: ['--no-such-flag'] });
    await expect(started).rejects.toThrow(ServerExitedError);
    await expect(started).rejects.toThrow(/^kube-apiserver exited with 1; .*unknown flag: --no-such-flag/s);
    expect(await leftovers()).toEqual([]);
  });

  test('fails at once when etcd dies', async () => {
    const binaries = { etcd: await program('echo "the disk is full" >&2; exit 3') };
    const started = Environment.start({ binaries });
    await expect(started).rejects.toThrow(ServerExitedError);
    await expect(started).rejects.toThrow(/^etcd exited with 3; .*the disk is full/s);
  });

  test('fails when a program cannot be run', async () => {
    const file = await program('');
    await writeFile(file, 'not a program');
    await expect(Environment.start({ binaries: { etcd: file } })).rejects.toThrow(/ENOEXEC|exited with/);
    expect(await leftovers()).toEqual([]);
  });

  test('is tried again with other ports when somebody was faster', async () => {
    const first = path.join(directory, 'first-time');
    await writeFile(first, '');
    const clash = 'echo "listen tcp 127.0.0.1:1: bind: address already in use" >&2; exit 1';
    const binaries = { etcd: await program(`if rm "${first}" 2>/dev/null; then ${clash}; fi\nexec "${etcd}" "$@"`) };
    await using environment = await Environment.start({ binaries });
    expect(await answers(environment.config.host)).toBe(true);
    expect(await leftovers()).toEqual([path.basename(path.dirname(environment.kubeconfig))]);
  });

  test('is given up after three attempts', async () => {
    const script = `echo >> "${directory}/attempts"; echo "bind: address already in use" >&2; exit 1`;
    const binaries = { etcd: await program(script) };
    await expect(Environment.start({ binaries })).rejects.toThrow('address already in use');
    expect(await readFile(path.join(directory, 'attempts'), 'utf8')).toBe('\n\n\n');
  });

  test('can be aborted, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const started = Environment.start({ signal: controller.signal });
    controller.abort(reason);
    await expect(started).rejects.toBe(reason);
    expect(await leftovers()).toEqual([]);
  });

  describeKubelet('with a kubelet', () => {
    test('fails at once when that dies, with its last words, and leaves nothing behind', async () => {
      const binaries = { kubelet: await program('echo "no such cgroup" >&2; exit 3') };
      const started = Environment.start({ kubelet: true, binaries });
      await expect(started).rejects.toThrow(/^kubelet exited with 3; .*no such cgroup/s);
      expect([await leftovers(), await leftoversOf(directory)]).toEqual([[], []]);
    });

    test('names an address that is none', async () => {
      const started = Environment.start({ kubelet: { ip: 'localhost' } });
      await expect(started).rejects.toThrow('kubelet.ip must be an IPv4 address, and is "localhost"');
    });
  });
});
