import type { Container, Pod } from '@client-ts/api/core/v1';
import type { Config } from '@client-ts/rest';
import { runPodUntil } from '../envtest/run-pod-until.js';

/** When it is a Pod's turn. */
const States = {
  ready: ({ status }: Pod): boolean => status?.containerStatuses?.some(({ ready }) => ready) === true,
  done: ({ status }: Pod): boolean => status?.phase === 'Succeeded',
};

/** Runs a Pod of one container on the node of the environment; resolves when it is in that state. */
export async function runPod(
  config: Config,
  name: string,
  container: Partial<Container>,
  state: keyof typeof States = 'ready',
): Promise<void> {
  const containers = [{ name: 'main', image: 'none', ...container }];
  await runPodUntil(config, { name }, { containers }, States[state]);
}
