import { describe, expect, test } from 'vitest';
import { type Body, testServer } from '../request.test.kit.js';

const configMaps = '/api/v1/namespaces/default/configmaps';

function objects(
  ...names: string[]
): { apiVersion: string; kind: string; metadata: { name: string; namespace: string } }[] {
  return names.map((name) => {
    const [namespace = '', own = ''] = name.includes('/') ? name.split('/') : ['default', name];
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: own, namespace } };
  });
}

interface ListBody extends Body {
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

function names({ items }: Body): (string | undefined)[] {
  return items.map(({ metadata }) => metadata?.name);
}

describe('list', () => {
  test('is in the order of keys, over all namespaces', async () => {
    const { send } = testServer({ objects: objects('b/x', 'a-b/y', 'a/z', 'a/a') });
    const { body } = await send('GET', '/api/v1/configmaps');
    const keys = body.items.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
    expect(keys).toEqual(['a-b/y', 'a/a', 'a/z', 'b/x']);
  });

  test('items of built-in resources carry no kind, the list does', async () => {
    const { send } = testServer({ objects: objects('a') });
    const { body } = await send('GET', configMaps);
    expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(body.items[0]).not.toHaveProperty('kind');
  });

  test('pages show one state, and say how much is left', async () => {
    const { send } = testServer({ objects: objects('a', 'b', 'c', 'd', 'e') });
    const first = (await send('GET', `${configMaps}?limit=2`)).body as ListBody;
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    await send('DELETE', `${configMaps}/d`);
    await send('POST', configMaps, { body: { metadata: { name: 'bb' } } });
    const second = (await send('GET', `${configMaps}?limit=2&continue=${first.metadata.continue}`)).body as ListBody;
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata).toMatchObject({ resourceVersion: first.metadata.resourceVersion, remainingItemCount: 1 });
    const last = (await send('GET', `${configMaps}?limit=2&continue=${second.metadata.continue}`)).body as ListBody;
    expect(names(last)).toEqual(['e']);
    expect(last.metadata).not.toHaveProperty('continue');
  });

  test('with a selector, a page does not know how much is left', async () => {
    const { send } = testServer({ objects: objects('a', 'b', 'c') });
    const { body } = await send('GET', `${configMaps}?limit=1&labelSelector=!x`);
    expect(body.metadata).toHaveProperty('continue');
    expect(body.metadata).not.toHaveProperty('remainingItemCount');
  });

  test.each([
    { query: 'fieldSelector=metadata.name=b', found: ['b'] },
    { query: 'fieldSelector=metadata.name=b&limit=1', found: ['b'] },
    { query: 'fieldSelector=metadata.name!=b', found: ['a', 'bb', 'c'] },
    { query: 'fieldSelector=metadata.name=b,metadata.namespace=other', found: [] },
    { query: 'fieldSelector=metadata.namespace=default,metadata.name=zz', found: [] },
  ])('$query finds $found', async ({ query, found }) => {
    const { send } = testServer({ objects: objects('a', 'b', 'bb', 'c') });
    const { body } = await send('GET', `${configMaps}?${query}`);
    expect(names(body)).toEqual(found);
    expect(body.metadata).not.toHaveProperty('continue');
  });

  test.each([
    {
      resource: 'configmaps',
      problem: '"zz" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
    { resource: 'pods', problem: 'field label not supported: zz' },
    { resource: 'nodes', problem: 'field label not supported: zz' },
  ])('$resource: $problem', async ({ resource, problem }) => {
    const { send } = testServer();
    expect((await send('GET', `/api/v1/${resource}?fieldSelector=zz=1`)).body).toMatchObject({
      code: 400,
      message: problem,
    });
  });

  test('the past can be seen exactly, and the future not at all', async () => {
    const { send } = testServer();
    const { body } = await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    const version = body.metadata?.resourceVersion;
    await send('DELETE', `${configMaps}/a`);
    const exact = await send('GET', `${configMaps}?resourceVersionMatch=Exact&resourceVersion=${version}`);
    expect(names(exact.body)).toEqual(['a']);
    expect(names((await send('GET', `${configMaps}?resourceVersion=${version}`)).body)).toEqual([]);
    const future = await send('GET', `${configMaps}?resourceVersion=99999999`);
    expect(future.body).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    });
    expect(future.headers['retry-after']).toBe('1');
  });

  test('a long list is sent in chunks that make up one document', async () => {
    const many = objects(...Array.from({ length: 5000 }, (_, i) => `c${String(i).padStart(4, '0')}`));
    const { server } = testServer({ objects: many });
    const response = await server.handle({
      method: 'GET',
      url: new URL(`http://in-memory.invalid${configMaps}`),
      headers: {},
    });
    const chunks: string[] = [];
    for await (const chunk of response.body) chunks.push(new TextDecoder().decode(chunk));
    expect(chunks.length).toBeGreaterThan(1);
    expect((JSON.parse(chunks.join('')) as Body).items).toHaveLength(5000);
  });
});
