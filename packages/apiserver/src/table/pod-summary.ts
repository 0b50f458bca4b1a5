import type { ContainerState, ContainerStatus, Pod } from '@client-ts/api/core/v1';

/** What `kubectl get pods` tells of the containers of a pod. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  /** RFC 3339 time. */
  readonly lastRestart: string | undefined;
}

interface Restarts {
  readonly count: number;
  readonly last: string | undefined;
}

/**
 * Sums up a pod as a real server does: the init containers speak until they are done, then the containers, the first one
 * in the list having the last word.
 */
export function podSummary(pod: Pod): PodSummary {
  const { spec, status, metadata } = pod;
  const sidecars = new Set(
    (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const total = (spec?.containers ?? []).length + sidecars.size;
  const gated = status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  const initial = gated ? 'SchedulingGated' : status?.reason || status?.phase || '';
  const init = initProgress(pod, sidecars);
  const initialized = init.status === undefined || hasCondition(pod, 'Initialized');
  const main = initialized ? containerProgress(pod, init.status ?? initial) : { ready: 0, status: init.status };

  const seen = (status?.initContainerStatuses ?? []).slice(0, init.seen);
  const counted = initialized
    ? [...seen.filter(({ name }) => sidecars.has(name)), ...(status?.containerStatuses ?? [])]
    : seen;
  const restarts = restartsOf(counted);
  return {
    ready: init.ready + main.ready,
    total,
    status: metadata?.deletionTimestamp === undefined ? main.status : endOf(pod, main.status),
    restarts: restarts.count,
    lastRestart: restarts.last,
  };
}

/** `status` is `undefined` when no init container is in the way any more. */
function initProgress(
  { spec, status }: Pod,
  sidecars: ReadonlySet<string>,
): { readonly status: string | undefined; readonly ready: number; readonly seen: number } {
  let ready = 0;
  for (const [i, container] of (status?.initContainerStatuses ?? []).entries()) {
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) ready++;
      continue;
    }
    const seen = i + 1;
    if (terminated) return { status: `Init:${terminatedReason(terminated)}`, ready, seen };
    if (waiting?.reason && waiting.reason !== 'PodInitializing') {
      return { status: `Init:${waiting.reason}`, ready, seen };
    }
    return { status: `Init:${i}/${(spec?.initContainers ?? []).length}`, ready, seen };
  }
  return { status: undefined, ready, seen: Infinity };
}

function containerProgress(pod: Pod, initial: string): { readonly status: string; readonly ready: number } {
  let status = initial;
  let failure: string | undefined;
  let ready = 0;
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) {
      status = waiting.reason;
    } else if (terminated) {
      status = terminatedReason(terminated);
      if (terminated.exitCode !== 0) failure = status;
    } else if (container.ready && running) {
      ready++;
    }
  }
  if (status !== 'Completed') return { status, ready };
  // Some containers have completed, and others may still be running.
  if (ready > 0 && hasCondition(pod, 'Ready')) return { status: 'Running', ready };
  return { status: failure ?? (ready > 0 ? 'NotReady' : status), ready };
}

function endOf({ status }: Pod, current: string): string {
  if (status?.reason === 'NodeLost') return 'Unknown';
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return over ? current : 'Terminating';
}

function terminatedReason({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function restartsOf(statuses: readonly ContainerStatus[]): Restarts {
  const times = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  return {
    count: statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
    last: times.toSorted().at(-1),
  };
}

function hasCondition({ status }: Pod, type: string): boolean {
  return status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
}
