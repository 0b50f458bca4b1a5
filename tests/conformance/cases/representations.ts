import { configMaps } from '@client-ts/api/core/v1';
import { asTable } from '@client-ts/rest';
import { expect } from 'vitest';
import { type CaseContext, type Cases, versionOf } from '../case.js';
import type { RawWatch } from '../raw-client.js';
import { samplePod, sharedWidgets, WidgetGroup } from './samples.js';

/** Other looks of the same objects: tables, as kubectl shows them, and metadata alone. */
export const representationCases: Cases = {
  'Table: a list has columns and a row for each object': async (context) => {
    await createConfigMap(context);
    const { columnDefinitions, rows, ...rest } = await get<Table>(context, 'configmaps', 'Table');
    expect(rest).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(rest.metadata?.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(columnDefinitions?.map(({ name, type, priority }) => [name, type, priority])).toEqual([
      ['Name', 'string', 0],
      ['Data', 'string', 0],
      ['Age', 'string', 0],
    ]);
    expect(rows).toEqual([
      {
        cells: ['a', 1, expect.stringMatching(/^\d+s$/)],
        object: expect.objectContaining({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }) as unknown,
      },
    ]);
  },
  'Table: one object is one row, without the object where none is wanted': async (context) => {
    await createConfigMap(context);
    const { rows } = await get<Table>(context, 'configmaps/a?includeObject=None', 'Table');
    expect(rows).toEqual([{ cells: ['a', 1, expect.anything()], object: null }]);
  },
  'Table: with the object as it is': async (context) => {
    await createConfigMap(context);
    const { rows } = await get<Table>(context, 'configmaps/a?includeObject=Object', 'Table');
    expect(rows[0]?.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } });
  },
  'Table: pods say how they are': async (context) => {
    await context.clientset.coreV1().pods(context.namespace).create(samplePod('a'));
    const { columnDefinitions = [], rows } = await get<Table>(context, 'pods?includeObject=None', 'Table');
    expect(columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
    ]);
    expect(rows[0]?.cells.slice(0, 4)).toEqual(['a', '0/1', 'Pending', '0']);
  },
  'Table: custom resources have the columns that their CRD names': async (context) => {
    const widgets = await sharedWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1, color: 'green' } });
    const path = `/apis/${WidgetGroup}/v1/namespaces/${context.namespace}/widgets`;
    const { json } = await context.raw('GET', path, { headers: { accept: acceptAs('Table') } });
    const { columnDefinitions = [], rows } = json() as unknown as Table;
    expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Color']);
    expect(rows.map(({ cells }) => cells)).toEqual([['a', 'green']]);
  },
  'Table: a watch names the columns once': async (context) => {
    await createConfigMap(context);
    await context.clientset
      .coreV1()
      .configMaps(context.namespace)
      .create({ metadata: { name: 'b' } });
    const events = await watch(context, 'Table', 2);
    const tables = events.map(({ object }) => object as Table);
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED']);
    expect(tables.map(({ kind, rows }) => [kind, rows[0]?.cells[0]])).toEqual([
      ['Table', 'a'],
      ['Table', 'b'],
    ]);
    expect(tables.map(({ columnDefinitions }) => columnDefinitions?.length)).toEqual([3, undefined]);
  },
  'Table: with the client all events of a watch have their columns': async ({ rest, clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    await client.create({ metadata: { name: 'b' } });
    await client.delete('b');
    const seen: unknown[] = [];
    const { resourceVersion } = metadata!;
    for await (const { type, object } of asTable(rest, configMaps, namespace).watch({ resourceVersion })) {
      if (type !== 'BOOKMARK') seen.push([type, object.columnDefinitions.length, object.rows[0]?.cells[0]]);
      if (type === 'DELETED') break;
    }
    expect(seen).toEqual([
      ['ADDED', 3, 'b'],
      ['DELETED', 3, 'b'],
    ]);
  },
  'Table: of an unknown version: NotAcceptable': async (context) => {
    const failure = await get(context, 'configmaps', 'Table', 'v9');
    expect(failure).toMatchObject({ code: 406, reason: 'NotAcceptable' });
  },
  'metadata: of an object': async (context) => {
    const created = await createConfigMap(context);
    const partial = await get(context, 'configmaps/a', 'PartialObjectMetadata');
    expect(partial).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
    expect(partial.metadata).toMatchObject({ name: 'a', resourceVersion: versionOf(created) });
    expect(Object.keys(partial).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
  },
  'metadata: of a list': async (context) => {
    await createConfigMap(context);
    const { items, ...list } = await get<{ items: object[]; kind: string }>(
      context,
      'configmaps',
      'PartialObjectMetadataList',
    );
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(items).toMatchObject([{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }]);
    expect(items[0]).not.toHaveProperty('data');
  },
  'metadata: of a watch': async (context) => {
    await createConfigMap(context);
    const events = await watch(context, 'PartialObjectMetadata', 1);
    expect(events).toMatchObject([
      { type: 'ADDED', object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } },
    ]);
    expect(events[0]?.object).not.toHaveProperty('data');
  },
  'metadata: of one object where there is a list: NotAcceptable': async (context) => {
    expect(await get(context, 'configmaps', 'PartialObjectMetadata')).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
      message: expect.stringContaining(
        'you requested PartialObjectMetadata, but the requested object is a list',
      ) as string,
    });
  },
  'metadata: of what is not there is the failure itself': async (context) => {
    expect(await get(context, 'configmaps/a', 'PartialObjectMetadata')).toMatchObject({ kind: 'Status', code: 404 });
  },
  'whoever accepts JSON too gets the object where there is no such look': async ({ raw, namespace }) => {
    const accept = 'application/json;as=Surprise;v=v1;g=meta.k8s.io, application/json';
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps`, { headers: { accept } });
    expect(json()).toMatchObject({ kind: 'ConfigMapList' });
  },
};

interface Meta {
  readonly kind: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly name?: string };
}

interface Table extends Meta {
  /** Absent in later events of a watch. */
  readonly columnDefinitions?: { readonly name: string; readonly type: string; readonly priority: number }[];
  readonly rows: { readonly cells: unknown[]; readonly object: unknown }[];
}

function acceptAs(kind: string, version = 'v1'): string {
  return `application/json;as=${kind};v=${version};g=meta.k8s.io`;
}

function createConfigMap({ clientset, namespace }: CaseContext): Promise<object> {
  return clientset
    .coreV1()
    .configMaps(namespace)
    .create({ metadata: { name: 'a' }, data: { k: 'v' } });
}

/** A path below the namespace of the case, in another look. */
async function get<T = Meta>(context: CaseContext, path: string, kind: string, version?: string): Promise<T & Meta> {
  const accept = acceptAs(kind, version);
  const { json } = await context.raw('GET', `/api/v1/namespaces/${context.namespace}/${path}`, { headers: { accept } });
  return json() as unknown as T & Meta;
}

/** The first events of a watch of ConfigMaps, in another look. */
function watch({ rawWatch, namespace }: CaseContext, kind: string, count: number): ReturnType<RawWatch> {
  return rawWatch(`/api/v1/namespaces/${namespace}/configmaps?watch=1`, count, { accept: acceptAs(kind) });
}
