import type * as processes from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type PluginResult, type PluginRun, runPlugin } from './run-plugin.js';

/** Whether there are file descriptors left. Without, Node.js gives a process that has no streams, and an error later. */
const descriptors = vi.hoisted(() => ({ left: true }));
vi.mock('node:child_process', async (importOriginal) => {
  const original = await importOriginal<typeof processes>();
  const spawn = (...args: Parameters<typeof original.spawn>): processes.ChildProcess => {
    if (descriptors.left) return original.spawn(...args);
    const child = new EventEmitter() as processes.ChildProcess;
    process.nextTick(() => child.emit('error', Object.assign(new Error('spawn EMFILE'), { code: 'EMFILE' })));
    return child;
  };
  return { ...original, spawn };
});

const Plugin = fileURLToPath(new URL('../testdata/plugin.mjs', import.meta.url));

/** For what other processes do: nothing depends on how fast. */
const AsLongAsItTakes = { timeout: 100_000 };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'run-plugin-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs the plugin of testdata. */
function run(steps: readonly string[], options: Partial<PluginRun> & { clock?: FakeClock } = {}) {
  const said: string[] = [];
  const { clock, ...rest } = options;
  const result: Promise<PluginResult> = runPlugin(
    {
      file: process.execPath,
      name: 'node',
      args: [Plugin, ...steps],
      env: {},
      interactive: false,
      signal: new AbortController().signal,
      onStderr: (text) => said.push(typeof text === 'string' ? text : Buffer.from(text).toString()),
      ...rest,
    },
    clock,
  );
  return { result, said };
}

test('what a program prints, how it ends, and what it says', async () => {
  const { result, said } = run(['print={"a":"ä"}', 'say=Open https://one', 'exit=3']);
  expect(await result).toEqual({ stdout: '{"a":"ä"}', code: 3, killedBy: undefined });
  expect(said.join('')).toBe('Open https://one');
});

test('it gets the variables that are given, and no others', async () => {
  const file = path.join(directory, 'told');
  await run([`tell=${file}`], { env: { ONE: '1', TWO: undefined }, name: 'its-name' }).result;
  const { argv, env } = JSON.parse(await readFile(file, 'utf8')) as { argv: string; env: Record<string, string> };
  expect(argv).toBe('its-name');
  expect(env).toEqual({ ONE: '1' });
});

test('what it says is passed on up to a limit, and it can go on', async () => {
  const { result, said } = run([`babble=${1024 * 1024}`, 'print=done']);
  expect(await result).toMatchObject({ stdout: 'done', code: 0 });
  const text = said.join('');
  expect(text.replace(/^x+/, (passed) => `${passed.length} `)).toBe(
    `${64 * 1024} \n(what else the plugin says is left out)\n`,
  );
});

test('a program that prints without end is ended', async () => {
  const { result } = run([`flood=${8 * 1024 * 1024}`]);
  await expect(result).rejects.toThrow('it printed more than 1048576 bytes');
});

test('a process that it leaves behind is not waited for, and says what it has to say', async () => {
  const file = path.join(directory, 'behind');
  const { result, said } = run([`leave=${file}`, 'print=done']);
  try {
    expect(await result).toEqual({ stdout: 'done', code: 0, killedBy: undefined });
  } finally {
    process.kill(await pidIn(file), 'SIGTERM');
  }
  await vi.waitUntil(() => said.join('') === 'from behind', AsLongAsItTakes);
});

test('what a process that it leaves behind prints belongs to what it prints', async () => {
  const file = path.join(directory, 'behind-printing');
  const { result } = run([`leavePrinting=${file}`, 'print=its own']);
  process.kill(await pidIn(file), 'SIGTERM');
  expect(await result).toEqual({ stdout: 'its own and behind', code: 0, killedBy: undefined });
});

test('an abort does not wait for a process that was left behind', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const file = path.join(directory, 'behind-aborted');
  const { result } = run([`leavePrinting=${file}`], { signal: controller.signal, clock });
  const pid = await pidIn(file);
  controller.abort(new Error('mine'));
  await expect(result).rejects.toThrow('mine');
  process.kill(pid, 'SIGTERM');
});

test('a program that is not there rejects with the system’s error', async () => {
  await expect(run([], { file: path.join(directory, 'absent') }).result).rejects.toMatchObject({ code: 'ENOENT' });
});

test('so does one for which there are no file descriptors', async () => {
  descriptors.left = false;
  try {
    await expect(run([]).result).rejects.toMatchObject({ code: 'EMFILE' });
  } finally {
    descriptors.left = true;
  }
});

test('an aborted signal starts nothing', async () => {
  const signal = AbortSignal.abort(new Error('mine'));
  await expect(run([], { signal }).result).rejects.toThrow('mine');
});

test.each([
  ['ends it', []],
  ['kills it when it does not end', ['stubborn']],
])('an abort %s', async (_, steps) => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const file = path.join(directory, `pid${steps.length}`);
  const { result } = run([...steps, `hang=${file}`], { signal: controller.signal, clock });
  const pid = await pidIn(file);
  controller.abort(new Error('mine'));
  await expect(result).rejects.toThrow('mine');
  if (steps.length > 0) expect(isAlive(pid)).toBe(true);
  await clock.advance(3000);
  await vi.waitUntil(() => !isAlive(pid), AsLongAsItTakes);
  expect(clock.pending).toBe(0);
});

/** Of a process that writes it there. */
async function pidIn(file: string): Promise<number> {
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '', AsLongAsItTakes);
  return Number(readFileSync(file, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
