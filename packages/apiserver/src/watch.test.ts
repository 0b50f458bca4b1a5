import { describe, expect, test } from 'vitest';
import { MergePatch, openWatch, readAll, testServer } from './request.test.kit.js';

const configMaps = '/api/v1/namespaces/default/configmaps';

describe('the selection of a watch', () => {
  test('what enters it is ADDED, what leaves it DELETED as it was, what stays out unseen', async () => {
    const { server, send } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1&labelSelector=in=yes`);
    const label = (name: string, value: string): Promise<unknown> =>
      send('PATCH', `${configMaps}/${name}`, { type: MergePatch, body: { metadata: { labels: { in: value } } } });
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    await send('POST', configMaps, { body: { metadata: { name: 'b', labels: { in: 'no' } } } });
    await label('a', 'yes');
    await label('a', 'no');
    await label('b', 'maybe');
    await label('a', 'yes');
    await send('DELETE', `${configMaps}/a`);
    await server.delivered();
    expect(watch.events).toEqual(['ADDED a', 'DELETED a', 'ADDED a', 'DELETED a']);
    expect(watch.objects[1]?.metadata?.labels).toEqual({ in: 'yes' });
    const versions = watch.objects.map(({ metadata }) => Number(metadata?.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    watch.close();
  });

  test('a namespace sees only its own objects', async () => {
    const { server, send } = testServer();
    const watch = await openWatch(server, '/api/v1/namespaces/kube-public/configmaps?watch=1');
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    await send('POST', '/api/v1/namespaces/kube-public/configmaps', { body: { metadata: { name: 'b' } } });
    await server.delivered();
    expect(watch.events).toEqual(['ADDED b']);
    watch.close();
  });

  test('one object is watched by the old path, too', async () => {
    const { server, send } = testServer();
    const watch = await openWatch(server, '/api/v1/watch/namespaces/default/configmaps/b');
    for (const name of ['a', 'b', 'bb']) await send('POST', configMaps, { body: { metadata: { name } } });
    await server.delivered();
    expect(watch.events).toEqual(['ADDED b']);
    watch.close();
  });
});

describe('the end of a watch', () => {
  test('comes after timeoutSeconds, with a bookmark before it', async () => {
    const { server, clock, send } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1&timeoutSeconds=10&allowWatchBookmarks=true`);
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    await clock.advance(7999);
    expect(watch.events).toEqual(['ADDED a']);
    await clock.advance(1);
    expect(watch.events).toEqual(['ADDED a', 'BOOKMARK']);
    await clock.advance(2000);
    await watch.ended;
    expect(watch.events).toEqual(['ADDED a', 'BOOKMARK']);
    expect(clock.pending).toBe(0);
  });

  test('comes within an hour without timeoutSeconds, and not before half of one', async () => {
    const { server, clock } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1`);
    let ended = false;
    void watch.ended.then(() => (ended = true));
    await clock.advance(30 * 60_000 - 1);
    expect(ended).toBe(false);
    await clock.advance(30 * 60_000);
    expect(ended).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('when the reader leaves, nothing is left behind', async () => {
    const { server, clock } = testServer();
    const request = { method: 'GET', url: new URL(`http://in-memory.invalid${configMaps}?watch=1`), headers: {} };
    for (const leave of ['discard', 'return', 'abort'] as const) {
      const controller = new AbortController();
      const response = await server.transport.request({ ...request, signal: controller.signal });
      if (leave === 'discard') await response.discard();
      if (leave === 'return') await response.body[Symbol.asyncIterator]().return?.();
      if (leave === 'abort') {
        const reading = readAll(response.body);
        controller.abort(new Error('gone'));
        await expect(reading).rejects.toThrow('gone');
      }
      expect(clock.pending).toBe(0);
    }
    await server.delivered();
  });

  test('a reader that history has left behind gets 410', async () => {
    const { server, send } = testServer({ compactAfter: 5 });
    const request = { method: 'GET', url: new URL(`http://in-memory.invalid${configMaps}?watch=1`), headers: {} };
    const response = await server.transport.request(request);
    for (let i = 0; i < 30; i++) await send('POST', configMaps, { body: { metadata: { name: `c${i}` } } });
    const text = await readAll(response.body);
    expect(text).toContain('"type":"ERROR"');
    expect(text).toContain('"code":410');
  });

  test('is told with the resource, when its definition goes', async () => {
    const { server, send } = testServer({ objects: [gadgetDefinition] });
    const watch = await openWatch(server, '/apis/a.example.com/v1/gadgets?watch=1');
    const body = { apiVersion: 'a.example.com/v1', kind: 'Gadget', metadata: { name: 'g' } };
    await send('POST', '/apis/a.example.com/v1/gadgets', { body });
    await send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.a.example.com');
    await watch.ended;
    expect(watch.events).toEqual(['ADDED g', 'DELETED g']);
  });
});

describe('bookmarks', () => {
  test('come every minute, with the newest version of the server', async () => {
    const { server, clock, send } = testServer();
    const watch = await openWatch(server, `${configMaps}?watch=1&allowWatchBookmarks=true`);
    await clock.advance(60_000);
    const { body } = await send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'elsewhere' } } });
    await clock.advance(60_000);
    expect(watch.events).toEqual(['BOOKMARK', 'BOOKMARK']);
    expect(watch.objects[1]).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { resourceVersion: body.metadata?.resourceVersion },
    });
    watch.close();
  });

  test('end the initial events where the client asked for both', async () => {
    const { server, send } = testServer();
    await send('POST', configMaps, { body: { metadata: { name: 'a' } } });
    const initial = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const watch = await openWatch(server, `${configMaps}?${initial}&allowWatchBookmarks=true`);
    const silent = await openWatch(server, `${configMaps}?${initial}`);
    await server.delivered();
    expect(watch.events).toEqual(['ADDED a', 'BOOKMARK']);
    expect(watch.objects[1]?.metadata?.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(silent.events).toEqual(['ADDED a']);
    watch.close();
    silent.close();
  });
});

test('many objects come in several chunks, each ending with an event', async () => {
  const objects = Array.from({ length: 3000 }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `c${i}` },
    data: { text: 'x'.repeat(200) },
  }));
  const { server } = testServer({ objects });
  const watch = await openWatch(server, `${configMaps}?watch=1`);
  await server.delivered();
  expect(watch.events).toHaveLength(3000);
  watch.close();
});

const gadgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.a.example.com' },
  spec: {
    group: 'a.example.com',
    scope: 'Cluster',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
