import { newNotFound } from '@client-ts/apimachinery/errors';
import { isTransportError, TransportError } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { MergePatch, openWatch, testServer } from './request.test.kit.js';

const ConfigMaps = { group: '', resource: 'configmaps' };
const configMaps = '/api/v1/namespaces/default/configmaps';

describe('what is on a server from the beginning', () => {
  test('has the system namespaces, active and labelled', async () => {
    const { send } = testServer();
    const { body } = await send('GET', '/api/v1/namespaces');
    const names = body.items.map(({ metadata }) => metadata?.name);
    expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    expect(body.items[0]).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'default' }, uid: expect.any(String) },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  test('keeps what clients cannot set, and makes the namespaces that are needed', async () => {
    const given = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', uid: 'u-1', creationTimestamp: '2019-01-01T00:00:00Z' },
      status: { phase: 'Running' },
    };
    const { send } = testServer({ objects: [given] });
    const { body } = await send('GET', '/api/v1/namespaces/shop/pods/web');
    expect(body).toMatchObject(given);
    expect((await send('GET', '/api/v1/namespaces/shop')).status).toBe(200);
  });

  test('need not be valid, and can be changed all the same', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' } };
    const { send } = testServer({ objects: [pod] });
    const path = '/api/v1/namespaces/default/pods/web';
    const labelled = await send('PATCH', path, { type: MergePatch, body: { metadata: { labels: { a: 'b' } } } });
    expect(labelled.body.metadata?.labels).toEqual({ a: 'b' });
    const worse = await send('PATCH', path, { type: MergePatch, body: { metadata: { labels: { 'a b': 'c' } } } });
    expect(worse.body.message).toMatch(/^Pod "web" is invalid: metadata.labels: /);
  });

  test('takes objects of CustomResourceDefinitions in any order', async () => {
    const { send } = testServer({
      objects: [{ apiVersion: 'a.example.com/v1', kind: 'Thing', metadata: { name: 'x' } }, thingDefinition],
    });
    expect((await send('GET', '/apis/a.example.com/v1/things/x')).body.kind).toBe('Thing');
  });

  test('names the object that it cannot have', () => {
    expect(() => testServer({ objects: [{ apiVersion: 'v1', kind: 'Nonsense' }] })).toThrow(
      'objects: the server has no resource for kind Nonsense in version v1',
    );
  });

  test('shares nothing with the caller', async () => {
    const given = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { l: '1' } } };
    const { send } = testServer({ objects: [given] });
    given.metadata.labels.l = '2';
    expect((await send('GET', `${configMaps}/a`)).body.metadata?.labels).toEqual({ l: '1' });
  });

  test('is no history: nothing before the start can be watched or listed', async () => {
    const { server, send } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1&resourceVersion=1`);
    await watch.ended;
    expect(watch.objects).toMatchObject([{ code: 410, reason: 'Expired' }]);
    expect((await send('GET', `${configMaps}?resourceVersion=1&resourceVersionMatch=Exact`)).status).toBe(410);
  });
});

describe('actions', () => {
  test('tell of each request about a resource, with what was sent', async () => {
    const { server, send } = testServer();
    await send('GET', '/version');
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    await send('GET', `${configMaps}?labelSelector=x`);
    await send('PATCH', '/apis/apps/v1/namespaces/default/deployments/web/scale', {
      body: { spec: {} },
      type: MergePatch,
    });
    await send('DELETE', configMaps, { body: 'not JSON' });
    expect(server.actions()).toEqual([
      action({ verb: 'create', body: { metadata: { name: 'a' } } }),
      action({ verb: 'list', body: undefined }),
      action({
        verb: 'patch',
        resource: { group: 'apps', version: 'v1', resource: 'deployments' },
        name: 'web',
        subresource: 'scale',
        body: { spec: {} },
      }),
      action({ verb: 'deletecollection', body: 'not JSON' }),
    ]);
    server.clearActions();
    expect(server.actions()).toEqual([]);
  });

  test('are bounded', async () => {
    const { server, send } = testServer();
    for (let i = 0; i < 20_001; i++) await send('GET', `${configMaps}/c${i}`);
    expect(server.actions()).toHaveLength(10_000);
    expect(server.actions().at(-1)?.name).toBe('c20000');
  });
});

describe('interceptors', () => {
  test('the newest one that returns something answers', async () => {
    const { server, send } = testServer();
    using _older = server.intercept(() => ({ from: 'older' }));
    using _newer = server.intercept(({ name }) => (name === 'a' ? { from: 'newer' } : undefined));
    expect((await send('GET', `${configMaps}/a`)).body).toEqual({ from: 'newer' });
    expect((await send('GET', `${configMaps}/b`)).body).toEqual({ from: 'older' });
  });

  test('a StatusError is the answer, anything else fails the transport', async () => {
    const { server, send } = testServer();
    let thrown: Error = newNotFound(ConfigMaps, 'a');
    using _interceptor = server.intercept(async () => {
      throw thrown;
    });
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
    thrown = new TransportError('reset', 'on purpose');
    await expect(send('GET', `${configMaps}/a`)).rejects.toBe(thrown);
  });

  test('leave when disposed, and get a copy of the body each time', async () => {
    const { server, send } = testServer();
    const seen: unknown[] = [];
    const interceptor = server.intercept((intercepted) => {
      const body = intercepted.body as { metadata: { name: string } };
      seen.push(body.metadata.name);
      body.metadata.name = 'changed';
    });
    expect((await send('POST', configMaps, { body: { metadata: { name: 'a' } } })).body.metadata?.name).toBe('a');
    interceptor[Symbol.dispose]();
    interceptor[Symbol.dispose]();
    await send('POST', configMaps, { body: { metadata: { name: 'b' } } });
    expect(seen).toEqual(['a']);
    expect(server.actions()[0]?.body).toEqual({ metadata: { name: 'a' } });
  });
});

describe('waiting', () => {
  test('for watches on a resource, however many there are already', async () => {
    const { server } = testServer();
    const both = server.waitForWatch(ConfigMaps, 2);
    const first = await openWatch(server, '/api/v1/configmaps?watch=1');
    const second = await openWatch(server, `${configMaps}?watch=1`);
    await both;
    await server.waitForWatch(ConfigMaps);
    first.close();
    second.close();
  });

  test('rejects with the reason of its signal', async () => {
    const { server } = testServer();
    const controller = new AbortController();
    const waiting = server.waitForWatch(ConfigMaps, 1, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(server.waitForWatch(ConfigMaps, 1, { signal: controller.signal })).rejects.toThrow('enough');
  });

  test('delivered: every watcher has seen every event', async () => {
    const { server, send } = testServer();
    const watches = await Promise.all([
      openWatch(server, `${configMaps}?watch=1`),
      openWatch(server, `${configMaps}?watch=1`),
    ]);
    for (const name of ['a', 'b', 'c']) await send('POST', configMaps, { body: { metadata: { name } } });
    await server.delivered();
    for (const watch of watches) {
      expect(watch.events).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
      watch.close();
    }
    await server.delivered();
  });
});

describe('ending', () => {
  test.each([
    { how: 'expired', events: ['ADDED a', 'ERROR'] },
    { how: 'eof', events: ['ADDED a'] },
  ] as const)('closeWatches($how) sends what is left, then ends them', async ({ how, events }) => {
    const { server, send } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1`);
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    server.closeWatches(how);
    await watch.ended;
    expect(watch.events).toEqual(events);
    if (how === 'expired') expect(watch.objects.at(-1)).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test('compact: lists and watches that start before get 410', async () => {
    const { server, send } = testServer();
    const { body } = await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    const version = body.metadata?.resourceVersion;
    await send('POST', configMaps, { body: { metadata: { name: 'b' } } });
    const page = await send('GET', `${configMaps}?limit=1`);
    const token = String((page.body.metadata as { continue?: string }).continue);
    await send('DELETE', `${configMaps}/b`);
    server.compact();
    const watch = await openWatch(server, `${configMaps}?watch=1&resourceVersion=${version}`);
    await watch.ended;
    expect(watch.objects).toMatchObject([{ code: 410, message: expect.stringContaining('too old resource version') }]);
    const expired = await send('GET', `${configMaps}?limit=1&continue=${token}`);
    expect(expired.body).toMatchObject({ code: 410, reason: 'Expired' });
    const next = String((expired.body.metadata as { continue?: string }).continue);
    expect((await send('GET', `${configMaps}?continue=${next}`)).body.items).toEqual([]);
  });

  test('disposing ends watches and refuses requests, twice if need be', async () => {
    const { server, clock } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1`);
    await server[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await watch.ended;
    const request = { method: 'GET', url: new URL('http://in-memory.invalid/version'), headers: {} };
    const failure = await server.transport.request(request).catch((error: unknown) => error);
    expect(isTransportError(failure) && failure.failure).toBe('connect');
    expect(clock.pending).toBe(0);
  });

  test('an aborted request rejects with the reason of its signal', async () => {
    const { server } = testServer();
    const signal = AbortSignal.abort(new Error('too late'));
    const request = { method: 'GET', url: new URL('http://in-memory.invalid/version'), headers: {}, signal };
    await expect(server.transport.request(request)).rejects.toThrow('too late');
  });
});

test('a response to HEAD has no body', async () => {
  const { send } = testServer();
  const { status, text } = await send('HEAD', `${configMaps}/a`);
  expect({ status, text }).toEqual({ status: 405, text: '' });
});

const thingDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.a.example.com' },
  spec: {
    group: 'a.example.com',
    scope: 'Cluster',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

function action(over: object): object {
  return {
    resource: { group: '', version: 'v1', resource: 'configmaps' },
    namespace: 'default',
    name: '',
    subresource: '',
    ...over,
  };
}
