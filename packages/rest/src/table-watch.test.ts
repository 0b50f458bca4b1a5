import { defineResource, type KubernetesObject, type Table } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { asTable, type TableInterface } from './representation.js';
import { RestClient } from './rest-client.js';
import { Script } from './script.test.kit.js';

const pods = defineResource<KubernetesObject>()({
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  scope: 'Namespaced',
});
const columns = (name: string): object[] => [{ name, type: 'string', format: 'name', description: '', priority: 0 }];
const table = (more: object): object => ({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, ...more });

function tablesOf(body: string): TableInterface & { readonly script: Script } {
  const script = new Script({ body });
  return { script, ...asTable(new RestClient({ host: 'https://server', transport: script }), pods, 'ns') };
}

function watchOf(...events: (readonly [type: string, more: object])[]): ReturnType<typeof tablesOf> {
  return tablesOf(events.map(([type, more]) => `${JSON.stringify({ type, object: table(more) })}\n`).join(''));
}

test('all events of a watch have the columns that the server said last', async () => {
  const rows = [{ cells: ['a'] }];
  const tables = watchOf(
    ['ADDED', { columnDefinitions: columns('Name'), rows }],
    ['MODIFIED', { columnDefinitions: null, rows }],
    ['MODIFIED', { columnDefinitions: columns('Other'), rows }],
    ['DELETED', { rows: null }],
  );
  const seen: Table[] = [];
  for await (const { object } of tables.watch()) seen.push(object as Table);
  expect(seen.map(({ columnDefinitions }) => columnDefinitions.map(({ name }) => name))).toEqual([
    ['Name'],
    ['Name'],
    ['Other'],
    ['Other'],
  ]);
  expect(seen.map((one) => one.rows)).toEqual([rows, rows, rows, []]);
  expect(seen[1]?.columnDefinitions).toBe(seen[0]?.columnDefinitions);
});

test('columns may come with a bookmark, which stays as it is', async () => {
  const bookmark = { columnDefinitions: columns('Name'), rows: [], metadata: { resourceVersion: '7' } };
  const seen: object[] = [];
  for await (const event of watchOf(['BOOKMARK', bookmark], ['ADDED', { columnDefinitions: null, rows: [] }]).watch())
    seen.push(event);
  expect(seen).toEqual([
    { type: 'BOOKMARK', object: table(bookmark) },
    { type: 'ADDED', object: table({ columnDefinitions: columns('Name'), rows: [] }) },
  ]);
});

test('leaving the loop, or disposing, closes the connection', async () => {
  const left = watchOf(['ADDED', {}], ['ADDED', {}]);
  for await (const _ of left.watch()) break;
  expect(left.script.requests[0]?.signal?.aborted).toBe(true);
  const disposed = watchOf(['ADDED', {}], ['ADDED', {}]);
  const watch = disposed.watch();
  await watch[Symbol.asyncIterator]().next();
  await watch[Symbol.asyncDispose]();
  expect(disposed.script.requests[0]?.signal?.aborted).toBe(true);
});

test('what is null in an object or a list is an empty list', async () => {
  const empty = { columnDefinitions: [], rows: [] };
  const tables = tablesOf(JSON.stringify(table({ columnDefinitions: null, rows: null })));
  expect(await tables.get('a')).toMatchObject(empty);
  expect(await tables.list()).toMatchObject(empty);
});
