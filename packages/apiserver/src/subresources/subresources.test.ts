import { describe, expect, test } from 'vitest';
import { type Body, MergePatch, type Send, testServer } from '../request.test.kit.js';

const pods = '/api/v1/namespaces/default/pods';

async function pod(send: Send, name: string, spec: object = {}): Promise<void> {
  const body = {
    metadata: { name, labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  };
  expect((await send('POST', pods, { body })).status).toBe(201);
}

describe('scale', () => {
  const scalable = [
    { group: 'apps/v1', resource: 'deployments' },
    { group: 'apps/v1', resource: 'replicasets' },
    { group: 'apps/v1', resource: 'statefulsets' },
  ];
  test.each(scalable)('$resource are read and written through it', async ({ group, resource }) => {
    const { send } = testServer();
    const path = `/apis/${group}/namespaces/default/${resource}`;
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 2, serviceName: 's', selector: { matchLabels: { a: 'b' } }, template };
    await send('POST', path, { body: { metadata: { name: 'x' }, spec } });
    expect((await send('GET', `${path}/x/scale`)).body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'x', namespace: 'default' },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'a=b' },
    });
    await send('PUT', `${path}/x/scale`, { body: { metadata: { name: 'x' }, spec: { replicas: 5 } } });
    expect((await send('GET', `${path}/x`)).body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
    const negative = await send('PATCH', `${path}/x/scale`, { type: MergePatch, body: { spec: { replicas: -1 } } });
    expect(negative.body).toMatchObject({ code: 422, details: { group: 'autoscaling', kind: 'Scale' } });
    const old = { metadata: { name: 'x', resourceVersion: '1' }, spec: { replicas: 1 } };
    expect((await send('PUT', `${path}/x/scale`, { body: old })).body.code).toBe(409);
  });
});

describe('binding', () => {
  test.each([`${pods}/p/binding`, '/api/v1/namespaces/default/bindings'])(
    '%s puts a pod on a node, once',
    async (path) => {
      const { send } = testServer();
      await pod(send, 'p');
      const body = { metadata: { name: 'p', annotations: { x: 'y' } }, target: { kind: 'Node', name: 'n1' } };
      expect((await send('POST', path, { body })).body).toMatchObject({ status: 'Success', code: 201 });
      expect((await send('GET', `${pods}/p`)).body).toMatchObject({
        metadata: { annotations: { x: 'y' } },
        spec: { nodeName: 'n1' },
        status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
      });
      expect((await send('POST', path, { body })).body).toMatchObject({
        code: 409,
        message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
      });
    },
  );
});

describe('eviction', () => {
  const evict = async (send: Send, name: string, query = ''): Promise<Body> =>
    (await send('POST', `${pods}/${name}/eviction${query}`, { body: { metadata: { name } } })).body;

  test('deletes a pod, and says why', async () => {
    const { send } = testServer();
    await pod(send, 'p', { nodeName: 'n' });
    expect(await evict(send, 'p', '?dryRun=All')).toMatchObject({ status: 'Success' });
    expect((await send('GET', `${pods}/p`)).body.metadata).not.toHaveProperty('deletionTimestamp');
    expect(await evict(send, 'p')).toMatchObject({ status: 'Success', code: 201 });
    expect((await send('GET', `${pods}/p`)).body).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: { conditions: [{ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }] },
    });
    expect(await evict(send, 'missing')).toMatchObject({ code: 404 });
  });
});

describe('serviceaccounts/token', () => {
  test('is a token for the account, from now on', async () => {
    const { send } = testServer();
    await send('POST', '/api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'sa' } } });
    const path = '/api/v1/namespaces/default/serviceaccounts/sa/token';
    const { body } = await send('POST', path, { body: { spec: { expirationSeconds: 600 } } });
    expect(body).toMatchObject({ kind: 'TokenRequest', status: { expirationTimestamp: '2020-01-01T00:10:00Z' } });
    const claims = JSON.parse(atob(String(body.status['token']).split('.')[1] ?? '')) as object;
    expect(claims).toMatchObject({ sub: 'system:serviceaccount:default:sa', exp: Date.UTC(2020, 0, 1) / 1000 + 600 });
    expect((await send('POST', path, { body: { spec: { expirationSeconds: 5 } } })).status).toBe(422);
  });
});

describe('pods', () => {
  test.each([
    { path: 'log', status: 204 },
    { path: 'log?container=nope', status: 400 },
    { path: 'exec?command=ls', status: 400 },
    { path: 'proxy/index.html', status: 501 },
    { path: 'nonsense', status: 404 },
    { path: 'status/more', status: 404 },
  ])('GET $path of a pod that runs nowhere: $status', async ({ path, status }) => {
    const { send } = testServer();
    await pod(send, 'p');
    expect((await send('GET', `${pods}/p/${path}`)).status).toBe(status);
  });

  test('a log is empty, and exec is not there, however much a pod runs', async () => {
    const { send } = testServer();
    await pod(send, 'p', { nodeName: 'n' });
    expect(await send('GET', `${pods}/p/log`)).toMatchObject({ status: 200, text: '' });
    expect((await send('GET', `${pods}/p/exec`)).status).toBe(501);
  });
});
