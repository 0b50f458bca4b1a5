import type { Container, ContainerStatus, Pod } from '@client-ts/api/core/v1';

/** Which container is meant when none is named; the annotation is kubectl's. */
const DefaultContainer = 'kubectl.kubernetes.io/default-container';

/** What containers of all three kinds have in common here. */
export type AnyContainer = Pick<Container, 'name' | 'restartPolicy' | 'restartPolicyRules'>;

/** All of a Pod, in kubectl's order: those that initialize it, its own, those that were added. */
export function containersOf({ spec }: Pod): AnyContainer[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
}

/** The container that is meant when none is named: that of the annotation `kubectl.kubernetes.io/default-container`, or the first. */
export function defaultContainerOf(pod: Pod): string | undefined {
  const named = pod.metadata?.annotations?.[DefaultContainer];
  return containersOf(pod).some(({ name }) => name === named) ? named : pod.spec?.containers[0]?.name;
}

/** What is known of a container, if anything. */
export function statusOf({ status }: Pod, container: string): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === container,
  );
}

/** Nothing in the Pod runs, and nothing will. */
export function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** The container has a log: it runs, or has run. */
export function hasStarted(pod: Pod, container: string): boolean {
  const { state, lastState } = statusOf(pod, container) ?? {};
  return state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
}
