import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringifyKubeconfig } from '@client-ts/clientcmd';
import type { Recording } from './recording.js';

/** A server that says again what was recorded. */
export interface Replay extends AsyncDisposable {
  readonly origin: string;
  /** Path of a kubeconfig file for it. */
  readonly kubeconfig: string;
  /** A POST to it sends the changes to all who watch. */
  readonly startUrl: string;
}

/** Starts it on loopback, in a process of its own. Takes over the recording. */
export async function startReplay(recording: Recording): Promise<Replay> {
  const { folder } = recording;
  const child = fork(path.join(import.meta.dirname, 'replay-server.mjs'), { execArgv: [] });
  child.send({ folder });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const origin = `http://127.0.0.1:${port}`;
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await stringifyKubeconfig({ host: origin }, 'replay'));
  return {
    origin,
    kubeconfig,
    startUrl: `${origin}/start`,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
      await recording[Symbol.asyncDispose]();
    },
  };
}
