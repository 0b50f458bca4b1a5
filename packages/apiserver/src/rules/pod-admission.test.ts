import { expect, test } from 'vitest';
import { admitted } from './pod-admission.js';

const notReady = {
  key: 'node.kubernetes.io/not-ready',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
};
const unreachable = { ...notReady, key: 'node.kubernetes.io/unreachable' };
const priority = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

test.each([
  ['nothing', {}, { ...priority, tolerations: [notReady, unreachable] }],
  ['a priority', { priority: 5 }, { ...priority, priority: 5, tolerations: [notReady, unreachable] }],
  [
    'one of the tolerations, of all effects',
    { tolerations: [{ key: notReady.key }] },
    { ...priority, tolerations: [{ key: notReady.key }, unreachable] },
  ],
  [
    'a toleration of everything',
    { tolerations: [{ operator: 'Exists' }] },
    { ...priority, tolerations: [{ operator: 'Exists' }] },
  ],
  [
    'a toleration of another effect',
    { tolerations: [{ ...notReady, effect: 'NoSchedule' }] },
    { ...priority, tolerations: [{ ...notReady, effect: 'NoSchedule' }, notReady, unreachable] },
  ],
])('a pod with %s', (_, spec, expected) => {
  const before = structuredClone(spec);
  expect(admitted(spec)).toEqual(expected);
  expect(spec).toEqual(before);
});
