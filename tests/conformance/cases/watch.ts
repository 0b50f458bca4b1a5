import type { ConfigMap } from '@client-ts/api/core/v1';
import { InitialEventsAnnotation, type WatchEvent, type WatchOptions } from '@client-ts/apimachinery';
import { expect } from 'vitest';
import { type CaseContext, type Cases, failureOf, nameOf, table, versionOf } from '../case.js';
import { samplePod } from './samples.js';

export const watchCases: Cases = {
  'from a version: exactly what came after': async (context) => {
    const client = configMaps(context);
    const first = await client.create({ metadata: { name: 'a' } });
    const second = await client.create({ metadata: { name: 'b' } });
    await client.patch('a', { type: 'merge', patch: { data: { k: 'v' } } });
    await client.delete('b');
    const events = await take(context, { resourceVersion: versionOf(first) }, 3);
    expect(events.map(({ type, object }) => [type, nameOf(object as ConfigMap)])).toEqual([
      ['ADDED', 'b'],
      ['MODIFIED', 'a'],
      ['DELETED', 'b'],
    ]);
    expect(events[0]?.object).toEqual(second);
  },
  'what is deleted is shown as it was last, with the version of the deletion': async (context) => {
    const client = configMaps(context);
    const created = await client.create({ metadata: { name: 'a' }, data: { k: 'v' } });
    await client.delete('a');
    const [event] = await take(context, { resourceVersion: versionOf(created) }, 1);
    expect(event).toMatchObject({
      type: 'DELETED',
      object: { data: { k: 'v' }, metadata: { uid: created.metadata?.uid } },
    });
    expect(BigInt(versionOf(event?.object as ConfigMap))).toBeGreaterThan(BigInt(versionOf(created)));
  },
  'versions of events grow': async (context) => {
    const client = configMaps(context);
    const created = await client.create({ metadata: { name: 'a' } });
    for (const v of ['1', '2', '3']) await client.patch('a', { type: 'merge', patch: { data: { v } } });
    const events = await take(context, { resourceVersion: versionOf(created) }, 3);
    const versions = events.map(({ object }) => BigInt(versionOf(object as ConfigMap)));
    expect(versions).toEqual(versions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(versions).size).toBe(3);
  },
  'without a version: what is there comes as ADDED': async (context) => {
    const client = configMaps(context);
    await client.create({ metadata: { name: 'a' } });
    await client.create({ metadata: { name: 'b' } });
    const events = await take(context, {}, 2);
    expect(events.map(({ type, object }) => `${type} ${nameOf(object as ConfigMap)}`).toSorted()).toEqual([
      'ADDED a',
      'ADDED b',
    ]);
  },
  'from version 0: what is there comes as ADDED': async (context) => {
    const client = configMaps(context);
    await client.create({ metadata: { name: 'a' } });
    await client.list({ resourceVersion: '0' });
    const [event] = await take(context, { resourceVersion: '0' }, 1);
    expect(event?.type).toBe('ADDED');
  },
  'labels: entering the selection is ADDED, leaving it DELETED': async (context) => {
    const client = configMaps(context);
    const { metadata } = await client.create({ metadata: { name: 'a', labels: { on: 'no' } } });
    for (const on of ['yes', 'yes', 'no', 'no']) {
      await client.patch('a', {
        type: 'merge',
        patch: { metadata: { labels: { on } }, data: { on, at: String(Math.random()) } },
      });
    }
    await client.create({ metadata: { name: 'end', labels: { on: 'yes' } } });
    const events = await take(context, { resourceVersion: metadata?.resourceVersion, labelSelector: 'on=yes' }, 4);
    expect(events.map(({ type, object }) => [type, nameOf(object as ConfigMap)])).toEqual([
      ['ADDED', 'a'],
      ['MODIFIED', 'a'],
      ['DELETED', 'a'],
      ['ADDED', 'end'],
    ]);
  },
  'fields: leaving the selection is DELETED': async ({ clientset, rawWatch, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    const { metadata } = await client.list();
    await client.create(samplePod('a'));
    await client.patch('a', { type: 'merge', patch: { status: { phase: 'Running' } } }, { subresource: 'status' });
    await client.create(samplePod('end'));
    const query = `watch=1&resourceVersion=${metadata.resourceVersion}&fieldSelector=status.phase%3DPending`;
    const events = await rawWatch(`/api/v1/namespaces/${namespace}/pods?${query}`, 3);
    // What left is shown as it last was in the selection.
    expect(events).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'a' }, status: { phase: 'Pending' } } },
      { type: 'DELETED', object: { metadata: { name: 'a' }, status: { phase: 'Pending' } } },
      { type: 'ADDED', object: { metadata: { name: 'end' } } },
    ]);
  },
  'fields: one object by name': async (context) => {
    const client = configMaps(context);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    await client.create({ metadata: { name: 'b' } });
    await client.patch('a', { type: 'merge', patch: { data: { k: 'v' } } });
    const options = { resourceVersion: metadata?.resourceVersion, fieldSelector: 'metadata.name=a' };
    const [event] = await take(context, options, 1);
    expect(event).toMatchObject({ type: 'MODIFIED', object: { metadata: { name: 'a' } } });
  },
  'only this namespace': async (context) => {
    const client = configMaps(context);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    await context.clientset
      .coreV1()
      .configMaps('default')
      .create({ metadata: { generateName: 'other-' } });
    await client.create({ metadata: { name: 'b' } });
    const [event] = await take(context, { resourceVersion: metadata?.resourceVersion }, 1);
    expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  },
  'timeoutSeconds ends it in good order': async (context) => {
    const { metadata } = await configMaps(context).list();
    const events = [];
    const options = { resourceVersion: metadata.resourceVersion, timeoutSeconds: 1 };
    for await (const event of configMaps(context).watch(options)) events.push(event);
    expect(events).toEqual([]);
  },
  'a version that was forgotten: Expired': async ({ clientset, namespace, compact }) => {
    const client = clientset.coreV1().secrets(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    await client.patch('a', { type: 'merge', patch: { stringData: { k: '1' } } });
    await client.patch('a', { type: 'merge', patch: { stringData: { k: '2' } } });
    await compact();
    const watch = client.watch({ resourceVersion: metadata?.resourceVersion, timeoutSeconds: 100 });
    const failure = await failureOf(watch[Symbol.asyncIterator]().next());
    expect(failure).toMatchObject({ code: 410, reason: 'Expired' });
  },
  'Expired comes as an ERROR event in an answer of status 200': async ({ raw, compact, clientset, namespace }) => {
    const client = clientset.coreV1().secrets(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    await client.patch('a', { type: 'merge', patch: { stringData: { k: '1' } } });
    await client.patch('a', { type: 'merge', patch: { stringData: { k: '2' } } });
    await compact();
    const query = `watch=1&resourceVersion=${metadata?.resourceVersion}&timeoutSeconds=100`;
    const { status, text } = await raw('GET', `/api/v1/namespaces/${namespace}/secrets?${query}`);
    expect(status).toBe(200);
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
  },
  'sendInitialEvents: what is there, then a bookmark that says so, then changes': async (context) => {
    const client = configMaps(context);
    await client.create({ metadata: { name: 'a' } });
    await client.create({ metadata: { name: 'b' } });
    const seen: string[] = [];
    const options: WatchOptions = {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    };
    for await (const event of client.watch(options)) {
      const end = event.type === 'BOOKMARK' && event.object.metadata.annotations?.[InitialEventsAnnotation] === 'true';
      if (end) {
        expect(event.object.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
        await client.create({ metadata: { name: 'c' } });
      }
      seen.push(event.type === 'BOOKMARK' ? 'end' : `${event.type} ${nameOf(event.object)}`);
      if (seen.includes('ADDED c')) break;
    }
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'end', 'ADDED c']);
  },
  'a bookmark holds a version and the type, and nothing else of an object': async ({ rawWatch, namespace }) => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const [bookmark] = await rawWatch(`/api/v1/namespaces/${namespace}/configmaps?${query}`, 1);
    expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } });
    expect(bookmark?.object).not.toHaveProperty('data');
  },
  ...table(
    [
      { name: 'sendInitialEvents without match', query: 'sendInitialEvents=true', code: 422 },
      {
        name: 'match without sendInitialEvents',
        query: 'resourceVersion=1&resourceVersionMatch=NotOlderThan',
        code: 422,
      },
      { name: 'Exact', query: 'resourceVersion=1&resourceVersionMatch=Exact', code: 422 },
      {
        name: 'a continue token',
        query: 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=abc',
        code: 422,
      },
      { name: 'a version that is no number', query: 'resourceVersion=abc', code: 500 },
    ].map((row) => ({ ...row, name: `refused: ${row.name}` })),
    async ({ raw, namespace }, { query, code }) => {
      const { status, json } = await raw(
        'GET',
        `/api/v1/namespaces/${namespace}/configmaps?watch=1&timeoutSeconds=1&${query}`,
      );
      expect(json()).toMatchObject({ kind: 'Status', code });
      expect(status).toBe(code);
    },
  ),
  'from a version of the future: nothing, until time is up': async ({ raw, namespace }) => {
    const query = 'watch=1&resourceVersion=999999999&timeoutSeconds=1';
    const { status, text } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps?${query}`);
    expect([status, text]).toEqual([200, '']);
  },
  'the path of old, for one object': async ({ clientset, rawWatch, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const { metadata } = await client.list();
    for (const name of ['a', 'b']) await client.create({ metadata: { name } });
    await client.delete('a');
    const path = `/api/v1/watch/namespaces/${namespace}/configmaps/a?resourceVersion=${metadata.resourceVersion}`;
    expect(await rawWatch(path, 2)).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'a' } } },
      { type: 'DELETED', object: { metadata: { name: 'a' } } },
    ]);
  },
  'leaving the loop closes the watch, and the client goes on': async (context) => {
    const client = configMaps(context);
    await client.create({ metadata: { name: 'a' } });
    for await (const event of client.watch()) {
      expect(event.type).toBe('ADDED');
      break;
    }
    expect((await client.get('a')).metadata?.name).toBe('a');
  },
};

function configMaps({
  clientset,
  namespace,
}: CaseContext): ReturnType<ReturnType<CaseContext['clientset']['coreV1']>['configMaps']> {
  return clientset.coreV1().configMaps(namespace);
}

/** The first `n` events of a watch. */
async function take(context: CaseContext, options: WatchOptions, n: number): Promise<WatchEvent<ConfigMap>[]> {
  const events: WatchEvent<ConfigMap>[] = [];
  for await (const event of configMaps(context).watch({ ...options, timeoutSeconds: 100 })) {
    events.push(event);
    if (events.length === n) break;
  }
  return events;
}
