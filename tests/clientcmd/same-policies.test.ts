import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoadOptions } from '@client-ts/clientcmd';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { askVersion, kubeconfigOf } from './ask-version.js';
import { runKubectl } from './kubectl.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

const apiVersion = 'client.authentication.k8s.io/v1';

interface Case {
  readonly policy?: string;
  /** `DIR` stands for a directory with a plugin `plug` in `bin`, which is in `PATH`, and one in `other`. */
  readonly allowlist?: readonly string[];
  readonly command: string;
  readonly allowed: boolean;
}

const onList = (allowlist: readonly string[], command: string, allowed: boolean): Case => {
  return { policy: 'Allowlist', allowlist, command, allowed };
};

const cases: readonly Case[] = [
  { command: 'plug', allowed: true },
  { policy: 'AllowAll', command: 'plug', allowed: true },
  { policy: 'DenyAll', command: 'plug', allowed: false },
  { policy: 'Anything', command: 'plug', allowed: false },
  { policy: 'AllowAll', allowlist: ['plug'], command: 'plug', allowed: false },
  { policy: 'DenyAll', allowlist: ['plug'], command: 'plug', allowed: false },
  { policy: 'Allowlist', command: 'plug', allowed: false },
  onList([], 'plug', false),
  onList([''], 'plug', false),
  onList(['plug'], 'plug', true),
  onList(['a', 'plug'], 'plug', true),
  onList(['other'], 'plug', false),
  onList(['DIR/bin/plug'], 'plug', true),
  onList(['DIR/other/plug'], 'plug', false),
  onList(['plug'], 'DIR/bin/plug', true),
  onList(['plug'], 'DIR/other/plug', false),
  onList(['DIR/other/plug'], 'DIR/other/plug', true),
  onList(['DIR/other/../other/plug'], 'DIR/other/plug', false),
  onList(['DIR/other/plug'], 'DIR/bin/../other/plug', true),
  onList(['DIR/other/plug'], './other/plug', true),
  onList(['./other/plug'], './other/plug', false),
  onList(['other/plug'], './other/plug', false),
  onList(['DIR/bin/plug'], 'DIR/link', false),
  onList(['plug'], 'DIR/link', false),
  onList(['absent'], 'absent', false),
];

describeReal('plugins are allowed where kubectl allows them', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  let server: RecordingServer;
  const at = (name: string): string => path.join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'same-policies-'));
    server = await startRecordingServer();
    const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 't' } });
    for (const place of ['bin', 'other']) {
      await mkdir(at(place));
      await writeFile(at(`${place}/plug`), `#!/bin/sh\necho '${credential}'\n`);
      await chmod(at(`${place}/plug`), 0o700);
    }
    await symlink('bin/plug', at('link'));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test.each(cases.map((row) => [JSON.stringify(row), row] as const))('%s', async (_, row) => {
    const command = row.command.replaceAll('DIR', directory);
    const allowlist = row.allowlist?.map((entry) => ({ command: entry.replace(/DIR/, directory) }));
    await writeFile(at('config'), kubeconfigOf(server, { exec: { command, apiVersion, interactiveMode: 'Never' } }));
    const preference = { credentialPluginPolicy: row.policy, credentialPluginAllowlist: allowlist };
    const kuberc = { apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference', ...preference };
    await writeFile(at('kuberc'), JSON.stringify(kuberc));
    const env = { HOME: directory, PATH: `${at('bin')}${path.delimiter}${process.env['PATH'] ?? ''}` };

    const flags = [`--kubeconfig=${at('config')}`, `--kuberc=${at('kuberc')}`];
    const { code } = await runKubectl(kubectl, ['get', '--raw', '/version', ...flags], env);
    expect([code === 0, server.take().length]).toEqual([row.allowed, row.allowed ? 1 : 0]);

    const execPolicy = row.policy === undefined ? undefined : { type: row.policy, allowlist };
    const asking = askVersion({ kubeconfig: at('config'), env, execPolicy } as LoadOptions);
    if (row.allowed) await asking;
    else await expect(asking).rejects.toThrow(/policy|not allowed|allowlist|not found/);
    expect(server.take()).toHaveLength(row.allowed ? 1 : 0);
  });
});
