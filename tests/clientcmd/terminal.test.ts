import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { kubeconfigOf } from './ask-version.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

const Plugin = fileURLToPath(new URL('../../packages/auth/src/testdata/plugin.mjs', import.meta.url));
const Program = fileURLToPath(new URL('ask-once.ts', import.meta.url));
const apiVersion = 'client.authentication.k8s.io/v1';

/** Runs a program on a terminal of its own (util-linux), on which this is typed. */
function runOnTerminal(command: readonly string[], typed: string): Promise<string> {
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return new Promise((resolve, reject) => {
    const options = { cwd: path.dirname(Program), encoding: 'utf8' } as const;
    const child = execFile(Script, ['-qefc', line, '/dev/null'], options, (error, stdout) => {
      if (error) reject(new Error(stdout, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end(typed);
  });
}

const Script = '/usr/bin/script';

describeReal('a plugin on a terminal asks its user, as with kubectl', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  let server: RecordingServer;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'terminal-'));
    server = await startRecordingServer();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  // Elsewhere there is no `script`, or one with other options.
  test.skipIf(process.platform !== 'linux' || !existsSync(Script)).each([
    ['Never', 'nobody answered', false],
    ['IfAvailable', 'from-me', true],
    ['Always', 'from-me', true],
  ])('%s', async (interactiveMode, token, interactive) => {
    const [told, kubeconfig] = [path.join(directory, 'told'), path.join(directory, 'config')];
    const args = [Plugin, `tell=${told}`, `ask=${apiVersion}`];
    const exec = { command: process.execPath, args, apiVersion, interactiveMode };
    await writeFile(kubeconfig, kubeconfigOf(server, { exec }));
    for (const command of [
      [kubectl, 'get', '--raw', '/version', `--kubeconfig=${kubeconfig}`],
      [process.execPath, '--import', 'tsx', Program, kubeconfig],
    ]) {
      expect(await runOnTerminal(command, 'from-me\n')).toContain('Token: ');
      expect(server.take().map(({ identity }) => identity)).toEqual([[`authorization: Bearer ${token}`]]);
      const { env } = JSON.parse(await readFile(told, 'utf8')) as { env: Record<string, string> };
      expect(JSON.parse(env['KUBERNETES_EXEC_INFO'] ?? '')).toMatchObject({ spec: { interactive } });
    }
  });
});
