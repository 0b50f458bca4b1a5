import { expect, it } from 'vitest';
import { problemsOf, cronJob, job, object, workload } from './sample-objects.test.kit.js';

// What a real server answers, without the examples at the end of a message.
it.each<[object, string[]]>([
  [
    object('Deployment'),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: Required value',
    ],
  ],
  [
    object('Deployment', { spec: {} }),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: Required value',
    ],
  ],
  [
    workload('Deployment', { selector: undefined }),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ],
  ],
  [
    workload('Deployment', { selector: {} }),
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ],
  [
    workload('Deployment', { selector: { matchLabels: { app: 'y' } } }),
    ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  ],
  [
    workload('Deployment', { selector: { matchExpressions: [{ key: 'a', operator: 'Foo' }] } }),
    [
      'spec.selector.matchExpressions[0].operator: Invalid value: "Foo": not a valid selector operator',
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Foo"}]}: invalid label selector',
    ],
  ],
  [
    workload('Deployment', { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
    [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"In"}]}: invalid label selector',
    ],
  ],
  [
    workload('Deployment', { selector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] } }),
    [
      "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Exists","values":["x"]}]}: invalid label selector',
    ],
  ],
  [
    workload('Deployment', { selector: { matchLabels: { 'a b': 'x' } } }),
    [
      "spec.selector.matchLabels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      'spec.selector: Invalid value: {"matchLabels":{"a b":"x"}}: invalid label selector',
    ],
  ],
  [
    workload('Deployment', { selector: { matchLabels: { app: 'x y' } } }),
    [
      "spec.selector.matchLabels: Invalid value: \"x y\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      'spec.selector: Invalid value: {"matchLabels":{"app":"x y"}}: invalid label selector',
    ],
  ],
  [workload('Deployment', { replicas: -1 }), ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
  [
    workload('Deployment', { strategy: { type: 'Foo' } }),
    [
      'spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    workload('Deployment', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  ],
  [
    workload('Deployment', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
  [
    workload('Deployment', { strategy: { rollingUpdate: { maxSurge: 'x' } } }),
    [
      'spec.strategy.rollingUpdate.maxSurge: Invalid value: "x": a valid percent string must be a numeric string followed by an ending \'%\'',
    ],
  ],
  [
    workload('Deployment', { strategy: { rollingUpdate: { maxUnavailable: '150%' } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%'],
  ],
  [
    workload('Deployment', {
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
      },
    }),
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  [
    workload('Deployment', { template: undefined }),
    [
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: Required value',
    ],
  ],
  [
    workload('Deployment', { template: { metadata: { labels: { app: 'x' } }, spec: {} } }),
    ['spec.template.spec.containers: Required value'],
  ],
  [
    workload('Deployment', { minReadySeconds: -1 }),
    ['spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    workload('Deployment', { progressDeadlineSeconds: 0 }),
    ['spec.progressDeadlineSeconds: Invalid value: 0: must be greater than minReadySeconds'],
  ],
  [
    workload('Deployment', { revisionHistoryLimit: -1 }),
    ['spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [workload('StatefulSet'), []],
  [
    workload('StatefulSet', { selector: undefined }),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ],
  ],
  [
    workload('StatefulSet', { podManagementPolicy: 'x' }),
    ["spec.podManagementPolicy: Invalid value: \"x\": must be 'OrderedReady' or 'Parallel'"],
  ],
  [
    workload('StatefulSet', { updateStrategy: { type: 'x' } }),
    [
      'spec.updateStrategy: Invalid value: {"Type":"x","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
    ],
  ],
  [
    workload('StatefulSet', { selector: { matchLabels: { app: 'y' } } }),
    ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  ],
  [
    workload('DaemonSet', { updateStrategy: { type: 'x' } }),
    [
      'spec.updateStrategy: Unsupported value: {"Type":"x","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
  ],
  [
    workload('DaemonSet', { selector: { matchLabels: { app: 'y' } } }),
    ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  ],
  [
    workload('DaemonSet', { selector: undefined }),
    ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  ],
  [
    workload('ReplicaSet', { selector: undefined }),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ],
  ],
  [
    workload('ReplicaSet', { selector: { matchLabels: { app: 'y' } } }),
    ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  ],
  [
    object('ReplicaSet'),
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: Required value',
    ],
  ],
  [object('ReplicationController'), ['spec.selector: Required value', 'spec.template: Required value']],
  [
    object('Job', { spec: { template: { spec: { containers: [{ name: 'c', image: 'i' }] } } } }),
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [job({ parallelism: -1 }), ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0']],
  [job({ backoffLimit: -1 }), ['spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0']],
  [
    job({ completionMode: 'x' }),
    ['spec.completionMode: Unsupported value: "x": supported values: "NonIndexed", "Indexed"'],
  ],
  [job({ completions: -1 }), ['spec.completions: Invalid value: -1: must be greater than or equal to 0']],
  [
    object('Job', {
      spec: { template: { spec: { restartPolicy: 'Always', containers: [{ name: 'c', image: 'i' }] } } },
    }),
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [cronJob({ schedule: undefined }), ['spec.schedule: Required value']],
  [cronJob({ schedule: 'x' }), ['spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]']],
  [
    cronJob({ concurrencyPolicy: 'x' }),
    ['spec.concurrencyPolicy: Unsupported value: "x": supported values: "Allow", "Forbid", "Replace"'],
  ],
  [
    cronJob({ failedJobsHistoryLimit: -1 }),
    ['spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [cronJob({ timeZone: 'x' }), ['spec.timeZone: Invalid value: "x": unknown time zone x']],
])('workloads: %j', (object, problems) => {
  expect(problemsOf(object)).toEqual(problems);
});
