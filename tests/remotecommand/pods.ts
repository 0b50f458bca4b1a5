import type { Container, PodStatus } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';

/** When it is a Pod's turn. */
const States = {
  ready: ({ containerStatuses = [] }: PodStatus): boolean => containerStatuses.some(({ ready }) => ready),
  done: ({ phase }: PodStatus): boolean => phase === 'Succeeded',
};

/** Runs a Pod of one container on the node of the environment; resolves when it is in that state. */
export async function runPod(
  config: Config,
  name: string,
  container: Partial<Container>,
  state: keyof typeof States = 'ready',
): Promise<void> {
  const pods = new Clientset(config).coreV1().pods('default');
  const containers = [{ name: 'main', image: 'none', ...container }];
  await pods.create({
    metadata: { name },
    spec: { nodeName: 'node-1', restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers },
  });
  for await (const { type, object } of pods.watch({ fieldSelector: `metadata.name=${name}` })) {
    if ((type === 'ADDED' || type === 'MODIFIED') && States[state](object.status ?? {})) return;
  }
}
