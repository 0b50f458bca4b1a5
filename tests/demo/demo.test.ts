import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { runDemo } from './run-demo.js';

test.each([[[]], [['--hand-written']]])('the story ends well in memory: %j', async (args) => {
  const { code, stdout, stderr } = await runDemo(args);
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain('The end state is right.');
});

test('--serve keeps the server up, with a kubeconfig that is removed at the end', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const child = spawn(path.join(root, 'node_modules/.bin/tsx'), ['examples/website-controller/demo.ts', '--serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let kubeconfig = '';
  for await (const line of createInterface(child.stdout)) {
    const match = /export KUBECONFIG=(.+)$/.exec(line);
    if (match) {
      kubeconfig = match[1] ?? '';
      break;
    }
  }
  const server = /server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  const response = await fetch(`${server}/api/v1/namespaces/default`);
  expect(await response.json()).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } });

  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(existsSync(kubeconfig)).toBe(false);
});
