import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { schema as all } from './all-schema.js';
import { type ApiSchema, type FieldSchema, schema, type ValueSchema } from './schema.js';

function references(value: ValueSchema): string[] {
  return [
    ...(value.ref === undefined ? [] : [value.ref]),
    ...[...(value.items ? [value.items] : []), ...(value.oneOf ?? [])].flatMap(references),
  ];
}

function field(of: ApiSchema, type: string, name: string): FieldSchema | undefined {
  return of.types[type]?.fields?.[name];
}

describe.each([
  ['schema', schema],
  ['schema/all', all],
])('%s', (_subpath, facts) => {
  const fields = Object.entries(facts.types).flatMap(([type, { fields = {} }]) =>
    Object.entries(fields).map(([name, field]) => ({ path: `${type}.${name}`, field })),
  );

  test('every reference leads to a type', () => {
    const names = [...Object.values(facts.types), ...fields.map(({ field }) => field)].flatMap(references);
    const resources = facts.groupVersions.flatMap((groupVersion) => groupVersion.resources);
    const subresources = resources.flatMap((resource) => resource.subresources ?? []);
    const types = [...resources, ...subresources].flatMap(({ type }) => type ?? []);
    expect([...names, ...types].filter((name) => !Object.hasOwn(facts.types, name))).toEqual([]);
  });

  test('every value has either a type or a reference', () => {
    expect(fields.filter(({ field }) => (field.type === undefined) === (field.ref === undefined))).toEqual([]);
  });

  test('keys of lists are fields of their elements', () => {
    const broken = fields.filter(({ field: { listMapKeys = [], patchMergeKey, items } }) => {
      const keys = patchMergeKey === undefined ? listMapKeys : [...listMapKeys, patchMergeKey];
      return keys.some((key) => field(facts, items?.ref ?? '', key) === undefined);
    });
    expect(broken).toEqual([]);
  });

  test('there is no prose', () => {
    expect(JSON.stringify(facts)).not.toMatch(/"description":"/);
  });
});

test('schema holds what the in-memory server serves, schema/all everything', () => {
  const names = ({ groupVersions }: ApiSchema): string[] =>
    groupVersions.map(({ group, version }) => `${group}/${version}`);
  expect(names(schema)).toEqual(['/v1', 'apiextensions.k8s.io/v1', 'apps/v1', 'batch/v1', 'coordination.k8s.io/v1']);
  expect(names(all)).toEqual(expect.arrayContaining(names(schema)));
  expect(names(all)).toEqual(
    expect.arrayContaining(['apiregistration.k8s.io/v1', 'autoscaling/v2', 'resource.k8s.io/v1alpha3']),
  );
  expect(all.types).toMatchObject(schema.types);
});

test.each([
  [
    'io.k8s.api.core.v1.PodSpec',
    'containers',
    { required: true, listType: 'map', listMapKeys: ['name'], patchStrategy: ['merge'], patchMergeKey: 'name' },
  ],
  ['io.k8s.api.core.v1.PodSpec', 'volumes', { patchStrategy: ['merge', 'retainKeys'] }],
  ['io.k8s.api.core.v1.ServicePort', 'protocol', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }],
  ['io.k8s.api.core.v1.ServiceSpec', 'ports', { listMapKeys: ['port', 'protocol'], patchMergeKey: 'port' }],
  ['io.k8s.api.apps.v1.DeploymentSpec', 'strategy', { patchStrategy: ['retainKeys'] }],
])('%s has the field %s with its facts', (type, name, expected) => {
  expect(field(schema, type, name)).toMatchObject(expected);
});

test('resources are as discovery tells', () => {
  const apps = schema.groupVersions.find(({ group }) => group === 'apps');
  expect(apps?.resources.find(({ name }) => name === 'deployments')).toEqual({
    name: 'deployments',
    singular: 'deployment',
    kind: 'Deployment',
    type: 'io.k8s.api.apps.v1.Deployment',
    scope: 'Namespaced',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: [
      {
        name: 'scale',
        kind: 'Scale',
        group: 'autoscaling',
        version: 'v1',
        type: 'io.k8s.api.autoscaling.v1.Scale',
        verbs: ['get', 'patch', 'update'],
      },
      { name: 'status', kind: 'Deployment', type: 'io.k8s.api.apps.v1.Deployment', verbs: ['get', 'patch', 'update'] },
    ],
  });
});

function namesOf(type: string): string[] {
  return Object.keys(schema.types[`io.k8s.apimachinery.pkg.apis.meta.v1.${type}`]?.fields ?? {});
}

test('the metadata written by hand has the fields that the server has', () => {
  const meta = {
    annotations: 1,
    creationTimestamp: 1,
    deletionGracePeriodSeconds: 1,
    deletionTimestamp: 1,
    finalizers: 1,
    generateName: 1,
    generation: 1,
    labels: 1,
    managedFields: 1,
    name: 1,
    namespace: 1,
    ownerReferences: 1,
    resourceVersion: 1,
    selfLink: 1,
    uid: 1,
  } satisfies Record<keyof ObjectMeta, 1>;
  const owner = {
    apiVersion: 1,
    blockOwnerDeletion: 1,
    controller: 1,
    kind: 1,
    name: 1,
    uid: 1,
  } satisfies Record<keyof OwnerReference, 1>;
  const managed = {
    apiVersion: 1,
    fieldsType: 1,
    fieldsV1: 1,
    manager: 1,
    operation: 1,
    subresource: 1,
    time: 1,
  } satisfies Record<keyof ManagedFieldsEntry, 1>;
  expect(namesOf('ObjectMeta')).toEqual(Object.keys(meta));
  expect(namesOf('OwnerReference')).toEqual(Object.keys(owner));
  expect(namesOf('ManagedFieldsEntry')).toEqual(Object.keys(managed));
});
