import { describe, expect, test } from 'vitest';
import { type Body, MergePatch, openWatch, type Send, testServer } from '../request.test.kit.js';

const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

const container = { name: 'c', image: 'i' };
const deployment = {
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } },
  },
};

async function created(send: Send, metadata: object, rest: object = {}): Promise<Body> {
  return (await send('POST', configMaps, { body: { metadata, ...rest } })).body;
}

describe('create', () => {
  test('the server decides over uid, times, generation and version', async () => {
    const { send } = testServer();
    const sent = { name: 'a', uid: 'mine', generation: 7, selfLink: '/x', creationTimestamp: '1999-01-01T00:00:00Z' };
    const { metadata } = await created(send, { ...sent, deletionTimestamp: '1999-01-01T00:00:00Z' });
    expect(metadata).toEqual({
      name: 'a',
      namespace: 'default',
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      resourceVersion: expect.stringMatching(/^[1-9][0-9]*$/),
      creationTimestamp: '2020-01-01T00:00:00Z',
    });
  });

  test('generateName gives five letters of the alphabet without vowels, after at most 58 of the prefix', async () => {
    const { send } = testServer();
    const short = await created(send, { generateName: 'web-' });
    expect(short.metadata?.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const long = await created(send, { generateName: 'x'.repeat(80) });
    expect(long.metadata?.name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('generateName tries again when the name is taken', async () => {
    const { send, clock } = testServer();
    clock.random = () => 0;
    expect((await created(send, { generateName: 'x-' })).metadata?.name).toBe('x-bbbbb');
    let draws = 0;
    clock.random = () => (draws++ < 5 ? 0 : 0.5);
    expect((await created(send, { generateName: 'x-' })).metadata?.name).toBe('x-rrrrr');
    clock.random = () => 0;
    expect(await created(send, { generateName: 'x-' })).toMatchObject({ code: 409, reason: 'AlreadyExists' });
  });

  test('dryRun answers as if, and stores nothing', async () => {
    const { send, server } = testServer();
    const answer = await send('POST', `${configMaps}?dryRun=All`, { body: { metadata: { name: 'a' } } });
    expect(answer.status).toBe(201);
    expect(answer.body.metadata).not.toHaveProperty('resourceVersion');
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
    await server.delivered();
  });

  test('the same name is a conflict, and an unknown namespace is not found', async () => {
    const { send } = testServer();
    await created(send, { name: 'a' });
    expect(await created(send, { name: 'a' })).toMatchObject({ code: 409, reason: 'AlreadyExists' });
    const elsewhere = await send('POST', '/api/v1/namespaces/nowhere/configmaps', {
      body: { metadata: { name: 'a' } },
    });
    expect(elsewhere.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });
});

describe('update', () => {
  test('an old version is a conflict; none replaces whatever is there, where the resource allows it', async () => {
    const { send } = testServer();
    const { metadata } = await created(send, { name: 'a' }, { data: { v: '1' } });
    const update = (over: object): Promise<{ body: Body }> =>
      send('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a', ...over }, data: { v: '2' } } });
    expect((await update({ resourceVersion: metadata?.resourceVersion })).body['data']).toEqual({ v: '2' });
    expect((await update({ resourceVersion: metadata?.resourceVersion })).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
    expect((await update({})).body.metadata?.name).toBe('a');

    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    await send('POST', leases, { body: { metadata: { name: 'l' }, spec: {} } });
    expect((await send('PUT', `${leases}/l`, { body: { metadata: { name: 'l' }, spec: {} } })).body).toMatchObject({
      code: 422,
      message: expect.stringContaining('metadata.resourceVersion: Invalid value: 0: must be specified for an update'),
    });
  });

  test('of something that is not there creates it, where the resource allows it', async () => {
    const { send } = testServer();
    expect((await send('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a' } } })).status).toBe(404);
    const lease = { metadata: { name: 'l' }, spec: {} };
    expect(
      (await send('PUT', '/apis/coordination.k8s.io/v1/namespaces/default/leases/l', { body: lease })).status,
    ).toBe(201);
  });

  test('that changes nothing keeps the version, and is no event', async () => {
    const { send, server } = testServer();
    const object = await created(send, { name: 'a', labels: { l: 'v' } }, { data: { v: '1' } });
    const watch = await openWatch(server, `${configMaps}?watch=1&resourceVersion=${object.metadata?.resourceVersion}`);
    await send('PUT', `${configMaps}/a`, { body: object });
    await send('PUT', `${configMaps}/a`, {
      body: { ...object, metadata: { ...object.metadata, generation: 9, creationTimestamp: null } },
    });
    await send('PATCH', `${configMaps}/a`, { type: MergePatch, body: { data: { v: '1' } } });
    const { body } = await send('GET', `${configMaps}/a`);
    expect(body).toEqual(object);
    await server.delivered();
    expect(watch.events).toEqual([]);
    watch.close();
  });

  test('generation counts changes of the spec, not of metadata or status', async () => {
    const { send } = testServer();
    await send('POST', deployments, { body: deployment });
    const patch = async (path: string, body: object): Promise<number | undefined> =>
      (await send('PATCH', `${deployments}/${path}`, { type: MergePatch, body })).body.metadata?.generation;
    expect(await patch('web', { metadata: { labels: { l: 'v' } } })).toBe(1);
    expect(await patch('web/status', { status: { replicas: 3 }, spec: { replicas: 9 } })).toBe(1);
    expect(await patch('web', { spec: { replicas: 2 } })).toBe(2);
    expect(await patch('web/scale', { spec: { replicas: 5 } })).toBe(undefined);
    expect(await patch('web', { status: { replicas: 4 } })).toBe(3);
    const { body } = await send('GET', `${deployments}/web`);
    expect(body).toMatchObject({ spec: { replicas: 5 }, status: { replicas: 3 } });
  });

  test.each([
    { what: 'uid', metadata: { uid: 'other' } },
    { what: 'deletionTimestamp', metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } },
    { what: 'deletionGracePeriodSeconds', metadata: { deletionGracePeriodSeconds: 5 } },
  ])('metadata.$what cannot be changed', async ({ what, metadata }) => {
    const { send } = testServer();
    await created(send, { name: 'a' });
    const { body } = await send('PATCH', `${configMaps}/a`, { type: MergePatch, body: { metadata } });
    const problem = `metadata.${what}: Invalid value: ${JSON.stringify(Object.values(metadata)[0])}: field is immutable`;
    expect(body).toMatchObject({ code: 422, message: `ConfigMap "a" is invalid: ${problem}` });
  });
});

describe('delete', () => {
  test('removes at once what nothing holds', async () => {
    const { send } = testServer();
    const { metadata } = await created(send, { name: 'a' });
    expect((await send('DELETE', `${configMaps}/a`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: metadata?.uid },
    });
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
  });

  test('waits for finalizers, and takes no new ones', async () => {
    const { send, server } = testServer();
    const { metadata } = await created(send, { name: 'a', finalizers: ['x.io/one', 'x.io/two'] });
    const watch = await openWatch(server, `${configMaps}?watch=1&resourceVersion=${metadata?.resourceVersion}`);
    const marked = (await send('DELETE', `${configMaps}/a`)).body;
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
    const finalizers = (value: unknown): Promise<{ body: Body }> =>
      send('PATCH', `${configMaps}/a`, { type: MergePatch, body: { metadata: { finalizers: value } } });
    expect((await finalizers(['x.io/one', 'x.io/new'])).body).toMatchObject({ code: 422 });
    expect((await finalizers(['x.io/one'])).body.metadata?.finalizers).toEqual(['x.io/one']);
    expect((await finalizers(null)).body.metadata).not.toHaveProperty('finalizers');
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
    await server.delivered();
    expect(watch.events).toEqual(['MODIFIED a', 'MODIFIED a', 'DELETED a']);
    watch.close();
  });

  test.each([
    { policy: 'Foreground', finalizers: ['foregroundDeletion'] },
    { policy: 'Orphan', finalizers: ['orphan'] },
  ])('propagationPolicy=$policy is left to a garbage collector as a finalizer', async ({ policy, finalizers }) => {
    const { send } = testServer();
    await created(send, { name: 'a' });
    const { body } = await send('DELETE', `${configMaps}/a?propagationPolicy=${policy}`);
    expect(body.metadata?.finalizers).toEqual(finalizers);
    expect((await send('DELETE', `${configMaps}/a?propagationPolicy=Background`)).status).toBe(200);
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
  });

  test.each([
    { what: 'uid', preconditions: { uid: 'other' } },
    { what: 'resourceVersion', preconditions: { resourceVersion: '1' } },
  ])('with another $what is a conflict', async ({ preconditions }) => {
    const { send } = testServer();
    await created(send, { name: 'a' });
    expect((await send('DELETE', `${configMaps}/a`, { body: { preconditions } })).body.code).toBe(409);
    expect((await send('GET', `${configMaps}/a`)).status).toBe(200);
  });

  test('gives a pod that runs its time, which can only be shortened', async () => {
    const { send, server } = testServer();
    const { body } = await send('POST', pods, {
      body: {
        metadata: { name: 'p' },
        spec: { nodeName: 'n', terminationGracePeriodSeconds: 60, containers: [container] },
      },
    });
    const watch = await openWatch(server, `${pods}?watch=1&resourceVersion=${body.metadata?.resourceVersion}`);
    const after = async (query: string): Promise<unknown> => {
      const { metadata } = (await send('DELETE', `${pods}/p${query}`)).body;
      return [metadata?.deletionTimestamp, metadata?.deletionGracePeriodSeconds, metadata?.generation];
    };
    expect(await after('')).toEqual(['2020-01-01T00:01:00Z', 60, 2]);
    expect(await after('?gracePeriodSeconds=90')).toEqual(['2020-01-01T00:01:00Z', 60, 2]);
    expect(await after('?gracePeriodSeconds=10')).toEqual(['2020-01-01T00:00:10Z', 10, 2]);
    expect(await after('?gracePeriodSeconds=0')).toEqual(['2020-01-01T00:00:00Z', 0, 2]);
    expect((await send('GET', `${pods}/p`)).status).toBe(404);
    await server.delivered();
    expect(watch.events).toEqual(['MODIFIED p', 'MODIFIED p', 'MODIFIED p', 'DELETED p']);
    watch.close();
  });

  test('of a collection takes what the selector chooses', async () => {
    const { send } = testServer();
    for (const [name, l] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '1'],
    ])
      await created(send, { name, labels: { l } });
    expect((await send('DELETE', `${configMaps}?labelSelector=l=1`)).body.items).toHaveLength(2);
    const { body } = await send('GET', configMaps);
    expect(body.items.map(({ metadata }) => metadata?.name)).toEqual(['b']);
  });
});

describe('namespaces', () => {
  test('end in two steps, and take nothing new between them', async () => {
    const { send } = testServer();
    await send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'n' } } });
    const terminating = (await send('DELETE', '/api/v1/namespaces/n')).body;
    expect(terminating).toMatchObject({
      metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' },
      status: { phase: 'Terminating' },
    });
    const late = await send('POST', '/api/v1/namespaces/n/configmaps', { body: { metadata: { name: 'a' } } });
    expect(late.body).toMatchObject({
      code: 403,
      message:
        'configmaps "a" is forbidden: unable to create new content in namespace n because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating' }] },
    });
    await send('PUT', '/api/v1/namespaces/n/finalize', { body: { metadata: { name: 'n' }, spec: {} } });
    expect((await send('GET', '/api/v1/namespaces/n')).status).toBe(404);
  });

  test.each(['default', 'kube-public', 'kube-system'])('%s cannot be deleted', async (name) => {
    const { send } = testServer();
    expect((await send('DELETE', `/api/v1/namespaces/${name}`)).body).toMatchObject({
      code: 403,
      message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    });
  });
});
