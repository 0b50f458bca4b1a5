import { Environment, missingKubelet } from '@client-ts/envtest';
import { runPod } from '../tests/remotecommand/pods.js';
import { liveThroughSilence } from '../tests/remotecommand/silence.js';
import { missingServer } from './missing-server.js';

/** More than what takes the other for lost here (61 s), and than the minute after which much of what stands between does. */
const SilenceMs = 70_000;

/** The way through to the kubelet, and the one that kube-apiserver translates. */
const Versions = ['1.37', '1.34'];

/**
 * Processes that say nothing for more than a minute, with a terminal and without, over both ways. Resolves with how long it was,
 * or why it was not tried; rejects when one of them did not end as it should.
 */
export async function execSilence(): Promise<string> {
  const missing = missingServer() ?? missingKubelet();
  if (missing !== undefined) return `not tried: ${missing}`;
  const counts = await Promise.all(Versions.map(silentIn));
  return `${counts.reduce((sum, count) => sum + count)} processes came through ${SilenceMs / 1000} s each`;
}

async function silentIn(version: string): Promise<number> {
  await using environment = await Environment.start({ kubelet: true, version });
  await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
  return await liveThroughSilence(environment.config, SilenceMs);
}
