import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadKubeconfig } from '@client-ts/clientcmd';
import { expect, test } from 'vitest';

const Program = fileURLToPath(new URL('change-often.ts', import.meta.url));

test('processes that change one kubeconfig lose no change, and nobody reads a part of it', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'processes-'));
  try {
    const kubeconfig = path.join(directory, 'config');
    await writeFile(kubeconfig, '# kept\ncontexts:\n- name: first\n  context: { cluster: c }\n');
    // All of them find a lock of somebody who is gone.
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(`${kubeconfig}.lock`, `${gone} ${hostname()}\n`);
    const names = ['a', 'b', 'c'];
    const changes = names.map((name) => {
      const args = ['--import', 'tsx', Program, kubeconfig, name, '10'];
      return promisify(execFile)(process.execPath, args, { cwd: path.dirname(Program) });
    });
    await Promise.all(changes);
    const expected = names.flatMap((name) => Array.from({ length: 10 }, (_, index) => `${name}-${index}`));
    const { contexts } = await loadKubeconfig({ kubeconfig });
    expect([...contexts.keys()].toSorted()).toEqual([...expected, 'first'].toSorted());
    expect(await readdir(directory)).toEqual(['config']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
