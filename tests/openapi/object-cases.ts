import type { KubernetesObject } from '@client-ts/apimachinery';

/** An object, and the paths of its problems; none for what the server takes. */
export type ObjectCase = readonly [what: string, object: KubernetesObject, problems: readonly string[]];

type Fields = Readonly<Record<string, unknown>>;

function object(apiVersion: string, kind: string, fields: Fields): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'x' }, ...fields };
}

const container = { name: 'main', image: 'nginx' };

function pod(spec: Fields, own: Fields = {}): KubernetesObject {
  return object('v1', 'Pod', { spec: { containers: [{ ...container, ...own }], ...spec } });
}

function deployment(spec: Fields): KubernetesObject {
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [container] } };
  return object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { app: 'x' } }, template, ...spec } });
}

function service(port: Fields): KubernetesObject {
  return object('v1', 'Service', { spec: { ports: [port] } });
}

function widget(spec: unknown, fields: Fields = {}): KubernetesObject {
  const full = typeof spec === 'object' && spec !== null ? { size: 1, ...spec } : spec;
  return object('openapi.example.com/v1', 'Widget', { spec: full, ...fields });
}

/** Built-in kinds: decoded as Go does. */
export const builtInCases: readonly ObjectCase[] = [
  ['a pod', pod({}), []],
  ['an unknown field of the object', { ...pod({}), specs: {} } as KubernetesObject, ['specs']],
  ['an unknown field of a list element', pod({}, { imagePullPolcy: 'Always' }), ['spec.containers[0].imagePullPolcy']],
  ['a field in other case', pod({ RestartPolicy: 'Never' }), ['spec.RestartPolicy']],
  [
    'an unknown field of metadata',
    object('v1', 'ConfigMap', { metadata: { name: 'x', label: {} } }),
    ['metadata.label'],
  ],
  ['a missing list', object('v1', 'Pod', { spec: {} }), ['spec.containers']],
  ['a missing name', object('v1', 'Pod', { spec: { containers: [{ image: 'nginx' }] } }), ['spec.containers[0].name']],
  ['null for what is required', pod({ containers: null }), ['spec.containers']],
  ['null for what is not', pod({ nodeSelector: null, restartPolicy: null }, { ports: null, resources: null }), []],
  ['null for an element that is text', pod({}, { command: [null] }), []],
  [
    'null for an element that is an object',
    object('v1', 'Pod', { spec: { containers: [null] } }),
    ['spec.containers[0].name'],
  ],
  ['null for the value of a map', object('v1', 'ConfigMap', { data: { a: null } }), []],
  ['null for a quantity', pod({}, { resources: { limits: { cpu: null } } }), []],
  ['null for a time', object('v1', 'ConfigMap', { metadata: { name: 'x', creationTimestamp: null } }), []],
  ['a string for an integer', deployment({ replicas: '3' }), ['spec.replicas']],
  ['an integer', deployment({ replicas: 3 }), []],
  ['a fraction for an integer', deployment({ replicas: 1.5 }), ['spec.replicas']],
  ['an integer of more than 32 bits', deployment({ replicas: 2 ** 31 }), ['spec.replicas']],
  ['an integer for a string', object('v1', 'ConfigMap', { data: { a: 1 } }), ['data.a']],
  ['a boolean for a string', pod({ nodeName: true }), ['spec.nodeName']],
  ['a string for a boolean', pod({ hostNetwork: 'true' }), ['spec.hostNetwork']],
  ['an object for a list', pod({ containers: container }), ['spec.containers']],
  ['a list for an object', object('v1', 'ConfigMap', { data: [] }), ['data']],
  ['a string for an object', object('v1', 'Pod', { spec: 'x' }), ['spec']],
  ['a value of an enumeration', pod({ restartPolicy: 'Never' }), []],
  ['none of an enumeration', pod({ restartPolicy: 'Sometimes' }), ['spec.restartPolicy']],
  ['no value of an enumeration', pod({ restartPolicy: '' }), []],
  ['a port by number', service({ port: 80, targetPort: 8080 }), []],
  ['a port by name', service({ port: 80, targetPort: 'http' }), []],
  ['a port by boolean', service({ port: 80, targetPort: true }), ['spec.ports[0].targetPort']],
  ['a quantity', pod({}, { resources: { limits: { cpu: '500m', memory: '1.5Gi' } } }), []],
  ['a quantity that is a number', pod({}, { resources: { limits: { cpu: 2 } } }), []],
  ['a quantity with exponent', pod({}, { resources: { limits: { memory: '1e9' } } }), []],
  ['no quantity', pod({}, { resources: { limits: { cpu: 'much' } } }), ['spec.containers[0].resources.limits.cpu']],
  [
    'a unit of no quantity',
    pod({}, { resources: { limits: { cpu: '5Kb' } } }),
    ['spec.containers[0].resources.limits.cpu'],
  ],
  [
    'an object for a quantity',
    pod({}, { resources: { limits: { cpu: {} } } }),
    ['spec.containers[0].resources.limits.cpu'],
  ],
  ['base64', object('v1', 'Secret', { data: { a: 'aGk=' } }), []],
  ['no base64', object('v1', 'Secret', { data: { a: 'hi!' } }), ['data.a']],
  ['base64 without padding', object('v1', 'Secret', { data: { a: 'aGk' } }), ['data.a']],
  ['a time', object('coordination.k8s.io/v1', 'Lease', { spec: { acquireTime: '2026-01-31T12:00:00.000000Z' } }), []],
  ['no time', object('coordination.k8s.io/v1', 'Lease', { spec: { acquireTime: 'yesterday' } }), ['spec.acquireTime']],
  ['two elements of one key that the server lets pass', pod({}, { env: [{ name: 'A' }, { name: 'A' }] }), []],
  ['any key of a map', object('v1', 'ConfigMap', { data: { __proto: 'a', constructor: 'b' } }), []],
  [
    'a recursive schema',
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
      metadata: { name: 'as.b.c' },
      spec: {
        group: 'b.c',
        names: { plural: 'as', kind: 'A' },
        scope: 'Cluster',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { a: { type: 'object', titel: 'x' } } } },
          },
        ],
      },
    }),
    ['spec.versions[0].schema.openAPIV3Schema.properties.a.titel'],
  ],
];

/** Custom resources: held to the schema of their definition. */
const custom: readonly ObjectCase[] = [
  ['a widget', widget({}), []],
  [
    'everything',
    widget({ ratio: 0.5, mode: 'slow', title: 'äöü', port: 80, at: '2026-01-31T12:00:00Z', data: 'aGk=' }),
    [],
  ],
  ['no spec', object('openapi.example.com/v1', 'Widget', {}), ['spec']],
  ['null for an object', widget(null), ['spec']],
  ['an unknown field', widget({ sise: 1 }), ['spec.sise']],
  ['an unknown field of metadata', widget({}, { metadata: { name: 'x', nmae: 'y' } }), ['metadata.nmae']],
  ['a missing field', object('openapi.example.com/v1', 'Widget', { spec: {} }), ['spec.size']],
  ['a missing field with a default', widget({ size: 2 }), []],
  ['null where there is a default', widget({ mode: null }), []],
  ['null where there is none', widget({ title: null }), []],
  ['null for the value of a map', widget({ labels: { a: null } }), []],
  ['null for a port', widget({ port: null }), []],
  ['null for a list', widget({ tags: null }), []],
  ['null where it is a value', widget({ note: null }), []],
  ['a string for an integer', widget({ size: '1' }), ['spec.size']],
  ['too small', widget({ size: 0 }), ['spec.size']],
  ['too large', widget({ size: 11 }), ['spec.size']],
  ['just too small', widget({ ratio: 0 }), ['spec.ratio']],
  ['an integer for a number', widget({ ratio: 1 }), []],
  ['none of an enumeration', widget({ mode: 'idle' }), ['spec.mode']],
  ['an empty value of an enumeration', widget({ mode: '' }), ['spec.mode']],
  ['too short', widget({ title: 'a' }), ['spec.title']],
  ['too long', widget({ title: 'abcdef' }), ['spec.title']],
  ['characters outside of the first plane', widget({ title: '🙂🙂🙂🙂🙂' }), []],
  ['a port by name', widget({ port: 'http' }), []],
  ['a port by boolean', widget({ port: false }), ['spec.port']],
  ['a port by fraction', widget({ port: 1.5 }), ['spec.port']],
  ['no time', widget({ at: 'noon' }), ['spec.at']],
  ['no base64', widget({ data: '!' }), ['spec.data']],
  ['unknown fields that are kept', widget({ anything: { a: [1, null] }, half: { b: {} } }), []],
  ['a known field among them', widget({ half: { known: { on: 'yes' } } }), ['spec.half.known.on']],
  ['an unknown field of it', widget({ half: { known: { of: true } } }), ['spec.half.known.of']],
  ['a field of an object without any', widget({ closed: { a: 1 } }), ['spec.closed.a']],
  ['a map', widget({ labels: { 'a/b': 'c' } }), []],
  ['a map with a wrong value', widget({ labels: { 'a/b': 1 } }), ['spec.labels["a/b"]']],
  ['too many values', widget({ labels: { a: '', b: '', c: '' } }), ['spec.labels']],
  [
    'an object in an object',
    widget({ template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'y' }, a: 1 } }),
    [],
  ],
  ['an object without kind', widget({ template: { apiVersion: 'v1' } }), ['spec.template.kind']],
  ['an object with an empty kind', widget({ template: { apiVersion: 'v1', kind: '' } }), ['spec.template.kind']],
  [
    'an object with wrong metadata',
    widget({ template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 1 } } }),
    ['spec.template.metadata.name'],
  ],
  ['a set', widget({ tags: ['a', 'b'] }), []],
  ['a set with a value twice', widget({ tags: ['a', 'b', 'a'] }), ['spec.tags[2]']],
  ['too many elements', widget({ tags: ['a', 'b', 'c', 'd'] }), ['spec.tags']],
  ['a wrong element', widget({ tags: ['a', 1] }), ['spec.tags[1]']],
  ['null for an element', widget({ tags: [null] }), ['spec.tags[0]']],
  ['elements of one name on two sides', widget({ parts: [{ name: 'a' }, { name: 'a', side: 'right' }] }), []],
  [
    'elements of one key by default',
    widget({ parts: [{ name: 'a' }, { name: 'a', side: 'left' }] }),
    ['spec.parts[1]'],
  ],
  ['an element without key', widget({ parts: [{ side: 'left' }] }), ['spec.parts[0].name']],
  ['no multiple', widget({ parts: [{ name: 'a', count: 3 }] }), ['spec.parts[0].count']],
];

export const objectCases: readonly ObjectCase[] = [
  ...builtInCases.map(([what, ...rest]) => [`built-in: ${what}`, ...rest] as const),
  ...custom.map(([what, ...rest]) => [`custom: ${what}`, ...rest] as const),
];
