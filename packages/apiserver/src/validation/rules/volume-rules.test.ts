import { expect, it } from 'vitest';
import { problemsOf, object } from './sample-objects.test.kit.js';

// What a real server answers, without the examples at the end of a message.
it.each<[object, string[]]>([
  [
    object('PersistentVolumeClaim'),
    ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  ],
  [
    object('PersistentVolumeClaim', { spec: { accessModes: ['X'], resources: { requests: { storage: '1Gi' } } } }),
    [
      'spec.accessModes: Unsupported value: "X": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
  ],
  [
    object('PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'] } }),
    ['spec.resources[storage]: Required value'],
  ],
  [
    object('PersistentVolume'),
    [
      'spec.accessModes: Required value',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      'spec: Required value: must specify a volume type',
    ],
  ],
  [
    object('ResourceQuota', { spec: { hard: { pods: '-1' } } }),
    ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
])('volumes, claims and quotas: %j', (object, problems) => {
  expect(problemsOf(object)).toEqual(problems);
});
