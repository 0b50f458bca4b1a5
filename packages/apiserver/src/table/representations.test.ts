import { isStatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../built-in-resources.js';
import type { Representation } from '../representation.js';
import { metaRepresentations } from './representations.js';

const clock = { now: () => Date.parse('2026-01-01T00:05:00Z') };
const configMaps = builtInResources().find(({ resource }) => resource === 'configmaps')!;
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z' },
  data: { k: 'v' },
};

function ask(as: string, query = '', group = 'meta.k8s.io', version = 'v1'): Representation | undefined {
  return metaRepresentations(clock)({ as, group, version, query: new URLSearchParams(query) });
}

function failureOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return isStatusError(error) && [error.code, error.message];
  }
  return undefined;
}

describe('a Table', () => {
  const metadataOnly = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };

  it('has columns, and a row for each object', () => {
    expect(ask('Table')?.list(configMaps, { resourceVersion: '9', continue: 'c' }, [object])).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9', continue: 'c' },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
        { name: 'Data', type: 'string', format: '', description: '', priority: 0 },
        { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
      ],
      rows: [{ cells: ['a', 1, '5m'], object: metadataOnly }],
    });
  });

  it.each([
    ['', metadataOnly],
    ['includeObject=Metadata', metadataOnly],
    ['includeObject=Object', object],
    ['includeObject=None', null],
  ])('carries as much of its objects as wanted: %s', (query, carried) => {
    expect(ask('Table', query)?.object(configMaps, object)).toMatchObject({
      metadata: { resourceVersion: '7' },
      rows: [{ object: carried }],
    });
  });

  it('refuses to carry anything else', () => {
    expect(failureOf(() => ask('Table', 'includeObject=Foo'))).toEqual([
      400,
      `Unable to convert to Table as requested: includeObject: Invalid value: "Foo": must be 'Metadata', 'Object', 'None', or empty`,
    ]);
  });

  it('tells its columns with the first event of a watch only', () => {
    const table = ask('Table');
    expect(table?.event(configMaps, object, true)).toHaveProperty('columnDefinitions.length', 3);
    expect(table?.event(configMaps, object, false)).toHaveProperty('columnDefinitions', null);
  });

  it('is of the version that was asked for', () => {
    expect(ask('Table', '', 'meta.k8s.io', 'v1beta1')?.object(configMaps, object)).toMatchObject({
      apiVersion: 'meta.k8s.io/v1beta1',
    });
  });
});

describe('metadata alone', () => {
  const one = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };

  it('is what is left of an object, a list and an event', () => {
    expect(ask('PartialObjectMetadata')?.object(configMaps, object)).toEqual(one);
    expect(ask('PartialObjectMetadata')?.event(configMaps, object, true)).toEqual(one);
    expect(ask('PartialObjectMetadataList')?.list(configMaps, { resourceVersion: '9' }, [object])).toEqual({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9' },
      items: [one],
    });
  });

  it('is not mistaken for a list, nor a list for it', () => {
    expect(failureOf(() => ask('PartialObjectMetadata')?.list(configMaps, {}, []))).toEqual([
      406,
      'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    ]);
    expect(failureOf(() => ask('PartialObjectMetadataList')?.object(configMaps, object))).toEqual([
      406,
      'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
    ]);
  });
});

it.each([
  ['Table', 'other.io', 'v1'],
  ['Table', 'meta.k8s.io', 'v2'],
  ['Nothing', 'meta.k8s.io', 'v1'],
])('knows no %s of %s/%s', (as, group, version) => {
  expect(ask(as, '', group, version)).toBeUndefined();
});
