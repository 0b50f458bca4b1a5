import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { answers } from './answers.js';
import { describeReal } from './describe-real.js';
import { leftoversOf } from './leftovers.js';

/** Starts an environment, one server of it twice, tells where it is, and waits for an end that it does not see coming. */
const Script = `
import { Environment, missingKubelet } from '@client-ts/envtest';
const environment = await Environment.start({ kubelet: missingKubelet() === undefined });
await environment.restart('etcd');
const { config, etcdUrl, kubeconfig } = environment;
console.log(JSON.stringify({ host: config.host, etcdUrl, kubeconfig }));
setInterval(() => {}, 60_000);
`;

interface Place {
  readonly host: string;
  readonly etcdUrl: string;
  readonly kubeconfig: string;
}

/** What the script tells. Rejects when it ends without a word: then it has said why on stderr. */
async function whereItIs({ stdout }: ChildProcess): Promise<Place> {
  for await (const line of createInterface(stdout!)) return JSON.parse(line) as Place;
  throw new Error('it ended before it had started an environment');
}

describeReal('when the process that started an environment', ['etcd', 'kubeApiserver'], () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'dies of %s, its servers, files and mounts vanish',
    async (signal) => {
      child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', Script], {
        cwd: import.meta.dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { host, etcdUrl, kubeconfig } = await whereItIs(child);
      const remains = async (): Promise<boolean[]> => [
        await answers(host),
        await answers(etcdUrl),
        existsSync(path.dirname(kubeconfig)),
      ];
      expect(await remains()).toEqual([true, true, true]);

      child.kill(signal);
      await once(child, 'exit');
      await expect.poll(remains).toEqual([false, false, false]);
      await expect.poll(() => leftoversOf(path.dirname(kubeconfig))).toEqual([]);
    },
  );
});
