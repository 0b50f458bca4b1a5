import type { ContainerStateTerminated, Pod } from '@client-ts/api/core/v1';
import { type AnyContainer, containersOf, isOver, statusOf } from './containers.js';

/** What is to be expected of the log of a container. */
export type ContainerFate =
  /** The Pod is not there any more, and its logs are gone with it. */
  | 'gone'
  /** No more will be written. */
  | 'over'
  /** The container that was read has ended, and the next one has not begun. */
  | 'waiting'
  | 'running';

/** Which run of which container is read. */
export interface Run {
  readonly container: string;
  /** Of the Pod; another one may have its name by now. */
  readonly uid: string | undefined;
  /** Of the container, as its runtime calls it; another one has its name after a restart. */
  readonly id: string | undefined;
}

/**
 * What a Pod's status says of a container that is being read.
 *
 * @param restarts - whether further runs of the container are of interest, or only the one at hand.
 */
export function fateOf(pod: Pod | undefined, { container, uid, id }: Run, restarts: boolean): ContainerFate {
  if (!pod || pod.metadata?.uid !== uid) return 'gone';
  if (isOver(pod)) return 'over';
  const { state, containerID } = statusOf(pod, container) ?? {};
  const isAnother = id !== undefined && containerID !== id;
  if (!restarts && (isAnother || (id !== undefined && !state?.running))) return 'over';
  if (state?.running) return 'running';
  if (pod.metadata?.deletionTimestamp !== undefined) return 'over';
  if (state?.terminated && !isRestarted(pod, container, state.terminated)) return 'over';
  return 'waiting';
}

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
function isRestarted(pod: Pod, name: string, { exitCode }: ContainerStateTerminated): boolean {
  const container = containersOf(pod).find((each) => each.name === name);
  // Rules may restart what policies would not; whether they do is seen when the Pod has ended, or the container runs.
  if ((container?.restartPolicyRules ?? []).length > 0) return true;
  const isIn = (containers: readonly AnyContainer[] = []): boolean => containers.some((each) => each.name === name);
  if (isIn(pod.spec?.ephemeralContainers)) return false;
  const policy = container?.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  const isSidecar = container?.restartPolicy === 'Always';
  if (policy === 'Never') return false;
  if (policy === 'OnFailure' || (isIn(pod.spec?.initContainers) && !isSidecar)) return exitCode !== 0;
  return true;
}
