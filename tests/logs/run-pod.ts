import type { Pod, PodSpec } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';

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
  const pods = new Clientset(config).coreV1().pods('default');
  const fixed = {
    nodeName: 'node-1',
    terminationGracePeriodSeconds: 1,
    restartPolicy: 'Never' as const,
    containers: containersOf(scripts),
    volumes: [{ name: 'state', emptyDir: {} }],
  };
  await pods.create({ metadata: { name, labels }, spec: { ...fixed, ...spec } });
  for await (const { type, object } of pods.watch({ fieldSelector: `metadata.name=${name}` })) {
    if ((type === 'ADDED' || type === 'MODIFIED') && isFarEnough(object)) return;
  }
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
