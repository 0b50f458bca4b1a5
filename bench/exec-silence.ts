import { Environment, missingKubelet } from '@client-ts/envtest';
import { exec } from '@client-ts/remotecommand';
import { runPod } from '../tests/remotecommand/pods.js';
import { missingServer } from './missing-server.js';

/** More than what takes the other for lost here (61 s), and than the minute after which much of what stands between does. */
const SilenceMs = 70_000;

/** The way through to the kubelet, and the one that kube-apiserver translates. */
const Versions = ['1.37', '1.34'];

/**
 * Processes that say nothing for more than a minute, with a terminal and without, over both ways. Resolves with how long it was,
 * or why it was not tried; rejects when one of them did not end as it should.
 */
export async function liveThroughSilence(silenceMs: number = SilenceMs): Promise<string> {
  const missing = missingServer() ?? missingKubelet();
  if (missing !== undefined) return `not tried: ${missing}`;
  const silent = await Promise.all(Versions.map((version) => silentIn(version, silenceMs)));
  return `${silent.flat().length} processes came through ${silenceMs / 1000} s each`;
}

async function silentIn(version: string, silenceMs: number): Promise<string[]> {
  await using environment = await Environment.start({ kubelet: true, version });
  await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
  const command = ['sh', '-c', `sleep ${silenceMs / 1000}; echo still here; exit 3`];
  return await Promise.all(
    [true, false].map(async (tty) => {
      await using process = await exec(environment.config, {
        namespace: 'default',
        pod: 'web',
        command,
        tty,
        stdin: true,
      });
      const said = (await new Response(process.stdout as ReadableStream<Uint8Array<ArrayBuffer>>).text()).trim();
      const { code } = await process.exit;
      if (said === 'still here' && code === 3) return said;
      throw new Error(
        `${version}, tty ${tty}: expected "still here" and exit code 3, got ${JSON.stringify(said)} and ${code}`,
      );
    }),
  );
}
