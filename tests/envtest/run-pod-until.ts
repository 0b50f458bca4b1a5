import type { Pod, PodSpec } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import type { ObjectMeta } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';

/**
 * Creates a Pod in the namespace `default`, on the node of the environment; resolves when it has come that far. Unless the spec says
 * otherwise it is not restarted, and has a second to end in.
 */
export async function runPodUntil(
  config: Config,
  metadata: ObjectMeta & { readonly name: string },
  spec: PodSpec,
  isFarEnough: (pod: Pod) => boolean,
): Promise<void> {
  const pods = new Clientset(config).coreV1().pods('default');
  const rules = { nodeName: 'node-1', restartPolicy: 'Never', terminationGracePeriodSeconds: 1 } as const;
  await pods.create({ metadata, spec: { ...rules, ...spec } });
  for await (const { type, object } of pods.watch({ fieldSelector: `metadata.name=${metadata.name}` })) {
    if ((type === 'ADDED' || type === 'MODIFIED') && isFarEnough(object)) return;
  }
}
