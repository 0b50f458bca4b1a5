import { expect, it } from 'vitest';
import { jsonPathReader } from './json-path.js';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web' } },
  spec: {
    replicas: 3,
    none: null,
    list: [{ a: 1 }, { a: 2 }, { a: 3 }],
    map: { x: { v: 'first' }, y: { v: 'second' } },
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'False', count: 2 },
      { type: 'Done', status: 'True', count: 10 },
    ],
  },
};

it.each<[string, unknown]>([
  ['.spec.replicas', 3],
  ['.spec.none', null],
  ['.spec.nothing', undefined],
  ['.spec.replicas.more', undefined],
  [String.raw`.metadata.labels.app\.kubernetes\.io/name`, 'web'],
  [String.raw`.metadata.labels['app\.kubernetes\.io/name']`, 'web'],
  // A dot between quotes is one between names, too.
  [".metadata.labels['app.kubernetes.io/name']", undefined],
  ['.spec.list[0].a', 1],
  ['.spec.list[-1].a', 3],
  ['.spec.list[7].a', undefined],
  ['.spec.list[1:3].a', 2],
  ['.spec.list[*].a', 1],
  ['.spec.list[*]', { a: 1 }],
  ['.spec.map.*.v', 'first'],
  ['.status.conditions[?(@.type=="Done")].status', 'True'],
  [".status.conditions[?(@.type=='Done')].status", 'True'],
  ['.status.conditions[?(@.type!="Ready")].type', 'Done'],
  ['.status.conditions[?(@.count>5)].type', 'Done'],
  ['.status.conditions[?(@.count<=2)].type', 'Ready'],
  ['.status.conditions[?(@.nothing)].type', undefined],
  ['.status.conditions[?(@.status)].type', 'Ready'],
  ['.__proto__', undefined],
  ['.constructor.name', undefined],
  ['spec', undefined],
  ['.spec[', undefined],
  ['.spec[?(]', undefined],
  ['', object],
  ['@', object],
  ['.', undefined],
  ['$.spec.replicas', 3],
])('%s', (path, value) => {
  expect(jsonPathReader(path)(object)).toEqual(value);
});
