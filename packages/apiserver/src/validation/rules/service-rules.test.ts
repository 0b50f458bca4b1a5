import { expect, it } from 'vitest';
import { problemsOf, object, service } from './sample-objects.test.kit.js';

// What a real server answers, without the examples at the end of a message.
it.each<[object, string[]]>([
  [service({ ports: undefined }), ['spec.ports: Required value']],
  [
    service({ ports: [{}] }),
    [
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    service({ ports: [{ port: 70000 }] }),
    [
      'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    service({ ports: [{ port: 1, protocol: 'X' }] }),
    ['spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    service({ type: 'Foo' }),
    ['spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
  ],
  [
    service({ ports: [{ port: 1 }, { port: 2 }] }),
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [
    service({
      ports: [
        { port: 1, name: 'a' },
        { port: 2, name: 'a' },
      ],
    }),
    ['spec.ports[1].name: Duplicate value: "a"'],
  ],
  [
    service({
      ports: [
        { port: 1, name: 'a' },
        { port: 1, name: 'b' },
      ],
    }),
    [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [service({ type: 'ExternalName', ports: undefined }), ['spec.externalName: Required value']],
  [service({ clusterIP: 'x' }), ['spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address,']],
  [
    service({ sessionAffinity: 'x' }),
    ['spec.sessionAffinity: Unsupported value: "x": supported values: "ClientIP", "None"'],
  ],
  [service({ ports: [{ port: 1, targetPort: 0 }] }), []],
  [
    service({ ports: [{ port: 1, targetPort: 'A b' }] }),
    [
      'spec.ports[0].targetPort: Invalid value: "A b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    service({ selector: { 'a b': 'c' } }),
    [
      "spec.selector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ],
  ],
  [
    service({ ports: [{ port: 1, nodePort: 30000 }] }),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    service({ ports: [{ port: 1, name: 'A b' }] }),
    [
      'spec.ports[0].name: Invalid value: "A b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', and must start and end with an alphanumeric character',
    ],
  ],
  [object('Service'), ['spec.ports: Required value']],
  [
    service({ externalTrafficPolicy: 'Local' }),
    ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  ],
])('services: %j', (object, problems) => {
  expect(problemsOf(object)).toEqual(problems);
});
