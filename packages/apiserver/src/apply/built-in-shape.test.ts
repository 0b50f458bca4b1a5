import { schema } from '@client-ts/api/schema';
import { expect, test } from 'vitest';
import { builtInShape } from './built-in-shape.js';
import { pathsOf } from './owned-paths.js';
import { typeProblems } from './type-problems.js';

const podTemplate = {
  metadata: { labels: { a: 'b' }, creationTimestamp: null },
  spec: {
    containers: [{ name: 'c', ports: [{ containerPort: 80 }], args: ['x'], resources: { limits: { cpu: 1 } } }],
    volumes: [{ name: 'v', configMap: { name: 'x' } }],
    nodeSelector: { a: 'b' },
    hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }],
  },
};

test.each<[string, object, object]>([
  [
    'io.k8s.api.apps.v1.Deployment',
    {
      spec: {
        selector: { matchLabels: { a: 'b' } },
        strategy: { rollingUpdate: { maxSurge: 1 } },
        template: podTemplate,
      },
    },
    {
      'f:spec': {
        'f:selector': {},
        'f:strategy': { 'f:rollingUpdate': { 'f:maxSurge': {} } },
        'f:template': {
          'f:metadata': { 'f:creationTimestamp': {}, 'f:labels': { 'f:a': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"c"}': {
                '.': {},
                'f:args': {},
                'f:name': {},
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                'f:resources': { 'f:limits': { 'f:cpu': {} } },
              },
            },
            'f:hostAliases': { 'k:{"ip":"1.2.3.4"}': { '.': {}, 'f:hostnames': {}, 'f:ip': {} } },
            'f:nodeSelector': {},
            'f:volumes': { 'k:{"name":"v"}': { '.': {}, 'f:configMap': { 'f:name': {} }, 'f:name': {} } },
          },
        },
      },
    },
  ],
  [
    'io.k8s.api.core.v1.Service',
    { spec: { ports: [{ port: 80, targetPort: 'http' }], selector: { a: 'b' } } },
    {
      'f:spec': {
        'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:targetPort': {} } },
        'f:selector': {},
      },
    },
  ],
  [
    'io.k8s.api.core.v1.ConfigMap',
    { metadata: { finalizers: ['a'], ownerReferences: [{ uid: 'u', name: 'n' }] }, data: { a: '1' } },
    {
      'f:data': { 'f:a': {} },
      'f:metadata': { 'f:finalizers': { 'v:"a"': {} }, 'f:ownerReferences': { 'k:{"uid":"u"}': {} } },
    },
  ],
  ['io.k8s.api.apps.v1.ControllerRevision', { data: { a: { b: 1 } } }, { 'f:data': {} }],
])('%s', (type, value, fields) => {
  const shape = builtInShape(schema, type);
  expect(typeProblems(shape, value)).toEqual([]);
  expect(pathsOf(shape, value).toJSON()).toEqual(fields);
});

test('an unknown type takes anything', () => {
  expect(builtInShape(schema, 'io.example.Nothing')).toEqual({ kind: 'any', atomic: false });
  expect(builtInShape(schema, 'constructor')).toEqual({ kind: 'any', atomic: false });
});
