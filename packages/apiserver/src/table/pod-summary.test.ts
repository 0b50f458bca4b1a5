import type { ContainerStatus, Pod } from '@client-ts/api/core/v1';
import { expect, it } from 'vitest';
import { podSummary } from './pod-summary.js';

type State = NonNullable<ContainerStatus['state']>;

const running: State = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const completed: State = { terminated: { exitCode: 0, reason: 'Completed' } };

function status(name: string, state: State, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name, image: 'i', imageID: '', ready: false, restartCount: 0, state, ...more };
}

interface Parts {
  phase?: NonNullable<Pod['status']>['phase'];
  reason?: string;
  containers?: ContainerStatus[];
  init?: ContainerStatus[];
  conditions?: Record<string, string>;
  sidecars?: string[];
  deleted?: boolean;
}

function pod({ phase = 'Running', reason, containers, init, conditions = {}, sidecars = [], deleted }: Parts): Pod {
  const spec = (statuses: ContainerStatus[] = []): { name: string; image: string; restartPolicy?: string }[] =>
    statuses.map(({ name }) => ({ name, image: 'i', ...(sidecars.includes(name) ? { restartPolicy: 'Always' } : {}) }));
  return {
    metadata: deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {},
    spec: { containers: spec(containers), ...(init ? { initContainers: spec(init) } : {}) },
    status: {
      phase,
      ...(reason === undefined ? {} : { reason }),
      ...(containers ? { containerStatuses: containers } : {}),
      ...(init ? { initContainerStatuses: init } : {}),
      conditions: Object.entries(conditions).map(([type, value]) => ({ type, status: value })),
    },
  };
}

const ready = { ready: true };

it.each<[string, Parts, string, string]>([
  ['nothing but a phase', { phase: 'Pending' }, 'Pending', '0/0'],
  ['a reason beside the phase', { phase: 'Failed', reason: 'Evicted' }, 'Evicted', '0/0'],
  [
    'all containers running',
    { containers: [status('a', running, ready), status('b', running, ready)] },
    'Running',
    '2/2',
  ],
  ['one not ready', { containers: [status('a', running, ready), status('b', running)] }, 'Running', '1/2'],
  [
    'a container that waits',
    { containers: [status('a', { waiting: { reason: 'CrashLoopBackOff' } })] },
    'CrashLoopBackOff',
    '0/1',
  ],
  ['an exit code', { containers: [status('a', { terminated: { exitCode: 3 } })] }, 'ExitCode:3', '0/1'],
  ['a signal', { containers: [status('a', { terminated: { exitCode: 137, signal: 9 } })] }, 'Signal:9', '0/1'],
  [
    'the first container has the last word',
    {
      containers: [
        status('a', { terminated: { exitCode: 1, reason: 'Error' } }),
        status('b', { waiting: { reason: 'ImagePullBackOff' } }),
      ],
    },
    'Error',
    '0/2',
  ],
  ['completed', { phase: 'Succeeded', containers: [status('a', completed)] }, 'Completed', '0/1'],
  [
    'completed, and others run and are ready',
    { containers: [status('a', completed), status('b', running, ready)], conditions: { Ready: 'True' } },
    'Running',
    '1/2',
  ],
  [
    'completed, and others run',
    { containers: [status('a', completed), status('b', running, ready)] },
    'NotReady',
    '1/2',
  ],
  [
    'completed, and another failed',
    { containers: [status('a', completed), status('b', { terminated: { exitCode: 1, reason: 'Error' } })] },
    'Error',
    '0/2',
  ],
  [
    'init containers on their way',
    {
      phase: 'Pending',
      init: [status('i', completed), status('j', running)],
      containers: [status('a', { waiting: { reason: 'PodInitializing' } })],
    },
    'Init:1/2',
    '0/1',
  ],
  [
    'an init container that waits',
    { phase: 'Pending', init: [status('i', { waiting: { reason: 'ImagePullBackOff' } })] },
    'Init:ImagePullBackOff',
    '0/0',
  ],
  [
    'an init container that failed',
    { phase: 'Pending', init: [status('i', { terminated: { exitCode: 2 } })] },
    'Init:ExitCode:2',
    '0/0',
  ],
  [
    'init containers that are done',
    { init: [status('i', completed)], containers: [status('a', running, ready)] },
    'Running',
    '1/1',
  ],
  [
    'a sidecar counts',
    {
      init: [status('i', running, { started: true, ready: true })],
      sidecars: ['i'],
      containers: [status('a', running, ready)],
    },
    'Running',
    '2/2',
  ],
  ['going away', { containers: [status('a', running, ready)], deleted: true }, 'Terminating', '1/1'],
  [
    'over before it goes away',
    { phase: 'Succeeded', containers: [status('a', completed)], deleted: true },
    'Completed',
    '0/1',
  ],
  ['going away on a lost node', { reason: 'NodeLost', deleted: true }, 'Unknown', '0/0'],
])('%s: %j', (_, parts, shown, counts) => {
  const summary = podSummary(pod(parts));
  expect([summary.status, `${summary.ready}/${summary.total}`]).toEqual([shown, counts]);
});

it('waits for its gates', () => {
  const given = pod({ phase: 'Pending' });
  given.status = {
    ...given.status,
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
  };
  expect(podSummary(given).status).toBe('SchedulingGated');
});

it('counts restarts, and knows the last one', () => {
  const restarted = (count: number, finishedAt: string): Partial<ContainerStatus> => ({
    restartCount: count,
    lastState: { terminated: { exitCode: 1, finishedAt } },
  });
  const containers = [
    status('a', running, restarted(2, '2026-01-01T00:00:00Z')),
    status('b', running, restarted(3, '2026-01-02T00:00:00Z')),
  ];
  const init = [status('i', completed, restarted(7, '2026-01-03T00:00:00Z'))];
  expect(podSummary(pod({ containers, init }))).toMatchObject({ restarts: 5, lastRestart: '2026-01-02T00:00:00Z' });
  expect(podSummary(pod({ init: [status('i', running, restarted(7, '2026-01-03T00:00:00Z'))] }))).toMatchObject({
    restarts: 7,
  });
});

it('says what it can of a pod that lacks everything', () => {
  expect(podSummary({})).toEqual({ ready: 0, total: 0, status: '', restarts: 0, lastRestart: undefined });
});
