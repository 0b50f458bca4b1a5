import type { Pod } from '@client-ts/api/core/v1';
import { describe, expect, test } from 'vitest';
import { type ContainerFate, fateOf } from './container-fate.js';
import { defaultContainerOf } from './containers.js';
import { podOf } from './kubelet.test.kit.js';

type State = 'running' | 'waiting' | number;
type Policy = NonNullable<NonNullable<Pod['spec']>['restartPolicy']>;

interface Case {
  readonly state: State;
  /** Default: that which is read. */
  readonly id?: string;
  readonly phase?: 'Running' | 'Succeeded' | 'Failed';
  readonly policy?: Policy;
  readonly kind?: 'initContainer' | 'sidecar' | 'ephemeralContainer';
  readonly rules?: boolean;
  readonly deleted?: boolean;
}

function pod({ state, id = 'run-1', phase = 'Running', policy = 'Always', kind, rules, deleted }: Case): Pod {
  const own = { name: 'other', image: 'none' };
  const main = {
    name: 'main',
    image: 'none',
    ...(kind === 'sidecar' && { restartPolicy: 'Always' as const }),
    ...(rules && { restartPolicyRules: [{ action: 'Restart' as const }] }),
  };
  const terminated = typeof state === 'number' ? { exitCode: state } : undefined;
  const states = { running: { running: {} }, waiting: { waiting: {} } };
  const status = { name: 'main', containerID: id, state: terminated ? { terminated } : states[state as 'running'] };
  const isFirst = kind === 'initContainer' || kind === 'sidecar';
  const spec = {
    restartPolicy: policy,
    containers: kind ? [own] : [main],
    initContainers: isFirst ? [main] : [],
    ephemeralContainers: kind === 'ephemeralContainer' ? [main] : [],
  };
  const statuses = isFirst
    ? { initContainerStatuses: [status] }
    : { [kind === 'ephemeralContainer' ? 'ephemeralContainerStatuses' : 'containerStatuses']: [status] };
  const more = deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
  return { ...podOf({ phase, ...statuses } as Pod['status'], more), spec };
}

describe('the log of a container', () => {
  test.each<[Case, ContainerFate, ContainerFate]>([
    [{ state: 'running' }, 'running', 'running'],
    [{ state: 'running', id: 'run-2' }, 'over', 'running'],
    [{ state: 'waiting' }, 'over', 'waiting'],
    [{ state: 'waiting', deleted: true }, 'over', 'over'],
    [{ state: 'running', deleted: true }, 'running', 'running'],
    [{ state: 'running', phase: 'Failed' }, 'over', 'over'],
    [{ state: 0, phase: 'Succeeded' }, 'over', 'over'],
    [{ state: 0 }, 'over', 'waiting'],
    [{ state: 1, policy: 'OnFailure' }, 'over', 'waiting'],
    [{ state: 0, policy: 'OnFailure' }, 'over', 'over'],
    [{ state: 1, policy: 'Never' }, 'over', 'over'],
    [{ state: 1, policy: 'Never', rules: true }, 'over', 'waiting'],
    [{ state: 0, kind: 'initContainer' }, 'over', 'over'],
    [{ state: 1, kind: 'initContainer' }, 'over', 'waiting'],
    [{ state: 1, kind: 'initContainer', policy: 'Never' }, 'over', 'over'],
    [{ state: 0, kind: 'sidecar', policy: 'Never' }, 'over', 'waiting'],
    [{ state: 1, kind: 'ephemeralContainer' }, 'over', 'over'],
  ])('%j is %s, and with restarts %s', (state, once, again) => {
    const run = { container: 'main', uid: 'uid-1', id: 'run-1' };
    expect([fateOf(pod(state), run, false), fateOf(pod(state), run, true)]).toEqual([once, again]);
  });

  test('is gone with its Pod, or when another one has its name', () => {
    const run = { container: 'main', uid: 'uid-1', id: 'run-1' };
    expect(fateOf(undefined, run, true)).toBe('gone');
    expect(fateOf(pod({ state: 'running' }), { ...run, uid: 'uid-0' }, true)).toBe('gone');
  });

  test('has not begun as long as nothing is known of it', () => {
    expect(fateOf(podOf({ phase: 'Pending' }), { container: 'main', uid: 'uid-1', id: undefined }, true)).toBe(
      'waiting',
    );
  });
});

test.each<[string | undefined, string]>([
  [undefined, 'a'],
  ['b', 'b'],
  ['nobody', 'a'],
])('the container that is meant with the annotation %s is %s', (value, expected) => {
  const annotations = value === undefined ? {} : { 'kubectl.kubernetes.io/default-container': value };
  const spec = { containers: [{ name: 'a' }, { name: 'b' }], initContainers: [{ name: 'first' }] };
  expect(defaultContainerOf({ ...podOf({}, { annotations }), spec })).toBe(expected);
});
