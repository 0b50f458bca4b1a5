import type { Container, PodStatus } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';

/** Runs a Pod of one container on the node of the environment; resolves when it runs. */
export async function runPod(config: Config, name: string, container: Partial<Container>): Promise<void> {
  const pods = new Clientset(config).coreV1().pods('default');
  const containers = [{ name: 'main', image: 'none', ...container }];
  await pods.create({
    metadata: { name },
    spec: { nodeName: 'node-1', restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers },
  });
  const isReady = ({ containerStatuses = [] }: PodStatus): boolean => containerStatuses.some(({ ready }) => ready);
  for await (const { type, object } of pods.watch({ fieldSelector: `metadata.name=${name}` })) {
    if ((type === 'ADDED' || type === 'MODIFIED') && isReady(object.status ?? {})) return;
  }
}
