import type { Pod, PodSpec } from '@client-ts/api/core/v1';
import type { Config } from '@client-ts/rest';
import { runPodUntil } from '../envtest/run-pod-until.js';

/** Containers by name, each with what its shell does. */
export type Scripts = Readonly<Record<string, string>>;

/** Creates a Pod on the node of the environment, whose runs share `/state`; resolves when it has come that far. */
export async function runPod(
  config: Config,
  name: string,
  scripts: Scripts,
  isFarEnough: (pod: Pod) => boolean,
  { labels = {}, ...spec }: Partial<PodSpec> & { labels?: Record<string, string> } = {},
): Promise<void> {
  const volumes = [{ name: 'state', emptyDir: {} }];
  await runPodUntil(config, { name, labels }, { containers: containersOf(scripts), volumes, ...spec }, isFarEnough);
}

export function containersOf(scripts: Scripts): PodSpec['containers'] {
  const volumeMounts = [{ name: 'state', mountPath: '/state' }];
  return Object.entries(scripts).map(([name, script]) => {
    return { name, image: 'none', command: ['sh', '-c', script], volumeMounts };
  });
}

export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function runs({ status }: Pod): boolean {
  return status?.phase === 'Running' && status.containerStatuses?.every(({ state }) => state?.running) === true;
}
