import { expect, it } from 'vitest';
import { problemsOf, container, pod } from './sample-objects.test.kit.js';

// What a real server answers, without the examples at the end of a message.
it.each<[object, string[]]>([
  [pod({ containers: undefined }), ['spec.containers: Required value']],
  [pod({ containers: [] }), ['spec.containers: Required value']],
  [container({ name: undefined }), ['spec.containers[0].name: Required value']],
  [container({ image: undefined }), ['spec.containers[0].image: Required value']],
  [
    container({ name: 'A_b' }),
    [
      'spec.containers[0].name: Invalid value: "A_b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', and must start and end with an alphanumeric character',
    ],
  ],
  [
    container({ image: ' i' }),
    ['spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace'],
  ],
  [
    pod({
      containers: [
        { name: 'c', image: 'i' },
        { name: 'c', image: 'i' },
      ],
    }),
    ['spec.containers[1].name: Duplicate value: "c"'],
  ],
  [
    container({ imagePullPolicy: 'Foo' }),
    [
      'spec.containers[0].imagePullPolicy: Unsupported value: "Foo": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [container({ ports: [{ containerPort: 0 }] }), ['spec.containers[0].ports[0].containerPort: Required value']],
  [
    container({ ports: [{ containerPort: 70000 }] }),
    ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
  ],
  [container({ ports: [{}] }), ['spec.containers[0].ports[0].containerPort: Required value']],
  [
    container({ ports: [{ containerPort: 1, protocol: 'X' }] }),
    ['spec.containers[0].ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    container({ ports: [{ containerPort: 1, name: 'A b' }] }),
    [
      'spec.containers[0].ports[0].name: Invalid value: "A b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    container({
      ports: [
        { containerPort: 1, name: 'a' },
        { containerPort: 2, name: 'a' },
      ],
    }),
    ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
  ],
  [container({ env: [{ value: 'x' }] }), ['spec.containers[0].env[0].name: Required value']],
  [container({ env: [{ name: 'a b' }] }), []],
  [
    container({ env: [{ name: 'a=b' }] }),
    [
      'spec.containers[0].env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
    ],
  ],
  [
    container({ env: [{ name: 'a', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
    ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    container({ env: [{ name: 'a', valueFrom: {} }] }),
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
  ],
  [
    container({ env: [{ name: 'a', valueFrom: { configMapKeyRef: { name: 'x' } } }] }),
    ['spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value'],
  ],
  [
    container({ volumeMounts: [{ name: 'v', mountPath: '/x' }] }),
    ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    pod({
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v' }] }],
    }),
    ['spec.containers[0].volumeMounts[0].mountPath: Required value'],
  ],
  [
    pod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'x' } }] }),
    ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type'],
  ],
  [pod({ volumes: [{ name: 'v' }] }), []],
  [pod({ volumes: [{ emptyDir: {} }] }), ['spec.volumes[0].name: Required value']],
  [
    pod({
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'v', emptyDir: {} },
      ],
    }),
    ['spec.volumes[1].name: Duplicate value: "v"'],
  ],
  [
    pod({ restartPolicy: 'Foo' }),
    ['spec.restartPolicy: Unsupported value: "Foo": supported values: "Always", "OnFailure", "Never"'],
  ],
  [
    pod({ dnsPolicy: 'Foo' }),
    [
      'spec.dnsPolicy: Unsupported value: "Foo": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [pod({ terminationGracePeriodSeconds: -1 }), []],
  [
    pod({ activeDeadlineSeconds: 0 }),
    ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [
    pod({ nodeSelector: { 'a b': 'c' } }),
    [
      "spec.nodeSelector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ],
  ],
  [
    pod({ hostname: 'A b' }),
    [
      'spec.hostname: Invalid value: "A b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', and must start and end with an alphanumeric character',
    ],
  ],
  [
    pod({ serviceAccountName: 'A b' }),
    [
      "spec.serviceAccountName: Invalid value: \"A b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    ],
  ],
  [container({ livenessProbe: {} }), ['spec.containers[0].livenessProbe: Required value: must specify a handler type']],
  [container({ livenessProbe: { exec: {} } }), ['spec.containers[0].livenessProbe.exec.command: Required value']],
  [
    container({ livenessProbe: { httpGet: {} } }),
    ['spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    container({ livenessProbe: { httpGet: { port: 'A b' } } }),
    [
      'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "A b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    container({ livenessProbe: { tcpSocket: { port: 0 } } }),
    ['spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    container({ livenessProbe: { httpGet: { port: 1 }, periodSeconds: -1 } }),
    ['spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    container({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    container({ resources: { limits: { cpu: '-1' } } }),
    [
      'spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    container({ resources: { limits: { foo: '1' } } }),
    [
      'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource for containers',
      'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers',
    ],
  ],
  [
    pod({ tolerations: [{ operator: 'Foo' }] }),
    [
      'spec.tolerations[0].operator: Invalid value: "Foo": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[0].operator: Unsupported value: "Foo": supported values: "Equal", "Exists"',
    ],
  ],
  [
    pod({ tolerations: [{ effect: 'Foo' }] }),
    [
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[0].effect: Unsupported value: "Foo": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [pod({ initContainers: [{ name: 'c', image: 'i' }] }), ['spec.initContainers[0].name: Duplicate value: "c"']],
  [
    container({ terminationMessagePolicy: 'x' }),
    [
      'spec.containers[0].terminationMessagePolicy: Unsupported value: "x": supported values: "File", "FallbackToLogsOnError"',
    ],
  ],
  [pod({ schedulerName: 'A b' }), []],
])('pods and their containers: %j', (object, problems) => {
  expect(problemsOf(object)).toEqual(problems);
});
