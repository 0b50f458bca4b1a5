import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Watchdog } from './watchdog.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'watchdog-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** Has two processes watched, forgets the second one, and dies. */
const Script = `
import { Watchdog } from './watchdog.ts';
const [directory, killed, forgotten] = process.argv.slice(1);
const watchdog = new Watchdog(directory);
watchdog.watch(Number(killed));
watchdog.watch(Number(forgotten));
watchdog.forget(Number(forgotten));
process.kill(process.pid, 'SIGKILL');
`;

test('kills what is watched when its process dies, and removes the directory though a file comes to it meanwhile', async () => {
  const files = path.join(directory, 'files');
  mkdirSync(files);
  // Fails once, as when a server that dies made a file where one has just been removed.
  const rm = path.join(directory, 'rm');
  writeFileSync(
    rm,
    `#!/bin/sh\n/bin/rm "${path.join(directory, 'first-time')}" 2>/dev/null || exec /bin/rm "$@"\nexit 1\n`,
  );
  writeFileSync(path.join(directory, 'first-time'), '');
  chmodSync(rm, 0o755);

  const [killed, forgotten] = [spawn('sleep', ['600']), spawn('sleep', ['600'])];
  const exits = [killed, forgotten].map((child) => once(child, 'exit'));
  const args = ['--import', 'tsx', '--input-type=module', '--eval', Script, files, `${killed.pid}`, `${forgotten.pid}`];
  const env = { ...process.env, PATH: `${directory}:${process.env['PATH']}` };
  const starter = spawn(process.execPath, args, { cwd: import.meta.dirname, env, stdio: 'inherit' });
  expect(await once(starter, 'exit')).toEqual([null, 'SIGKILL']);

  expect(await exits[0]).toEqual([null, 'SIGKILL']);
  await vi.waitUntil(() => !existsSync(files), { timeout: 100_000 });
  expect(existsSync(path.join(directory, 'first-time'))).toBe(false);
  forgotten.kill('SIGTERM');
  expect(await exits[1]).toEqual([null, 'SIGTERM']);
});

test('has ended when it has been released, once or twice', async () => {
  // In place of the shell: says what it was told, and when it ends.
  const shell = path.join(directory, 'sh');
  writeFileSync(shell, `#!/bin/sh\n/bin/cat > "${directory}/told"\n: > "${directory}/ended"\n`);
  chmodSync(shell, 0o755);
  vi.stubEnv('PATH', directory);
  const watchdog = new Watchdog('/of/servers');
  await watchdog.release();
  expect(readFileSync(path.join(directory, 'told'), 'utf8')).toBe('directory /of/servers\ndone\n');
  expect(existsSync(path.join(directory, 'ended'))).toBe(true);
  await watchdog.release();
});
