import type { ConfigMap } from '@client-ts/api/core/v1';
import type { Status } from '@client-ts/apimachinery/errors';
import type { ResourceInterface } from '@client-ts/rest';
import { expect } from 'vitest';
import { type CaseContext, type Cases, failureOf, namesOf, table, versionOf } from '../case.js';

export const readCases: Cases = {
  'get gives what create gave': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' }, data: { k: 'v' } });
    expect(await client.get('a')).toEqual(created);
  },
  'get of what is not there: NotFound': async ({ clientset, namespace }) => {
    expect(await failureOf(clientset.coreV1().configMaps(namespace).get('a'))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
      details: { name: 'a', kind: 'configmaps' },
    });
  },
  'list is in the order of names, with a version, and items know their types through the client': async (context) => {
    const client = await three(context);
    const list = await client.list();
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMapList' });
    expect(namesOf(list)).toEqual(['a', 'b', 'c']);
    expect(list.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(list.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
  },
  'items of built-in lists carry no types on the wire': async (context) => {
    await three(context);
    const { json } = await context.raw('GET', `/api/v1/namespaces/${context.namespace}/configmaps`);
    const { items } = json() as { items: Record<string, unknown>[] };
    expect(items.every((item) => !('kind' in item) && !('apiVersion' in item))).toBe(true);
  },
  'an empty list has items, empty': async ({ raw, namespace }) => {
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps`);
    expect(json()).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', items: [] });
  },
  'a list of a namespace that does not exist is empty': async ({ clientset }) => {
    expect(namesOf(await clientset.coreV1().configMaps('nowhere').list())).toEqual([]);
  },
  'all namespaces include this one': async (context) => {
    await three(context);
    const { items } = await context.clientset.coreV1().configMaps('').list();
    const here = items.filter((item) => item.metadata?.namespace === context.namespace);
    expect(namesOf({ items: here })).toEqual(['a', 'b', 'c']);
  },
  'pages show one state, and count what remains': async (context) => {
    const client = await three(context);
    const first = await client.list({ limit: 1 });
    expect(namesOf(first)).toEqual(['a']);
    expect(first.metadata.remainingItemCount).toBe(2);
    await client.create({ metadata: { name: 'aa' } });
    const second = await client.list({ limit: 1, continue: first.metadata.continue });
    expect(namesOf(second)).toEqual(['b']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const third = await client.list({ limit: 1, continue: second.metadata.continue });
    expect(namesOf(third)).toEqual(['c']);
    expect(third.metadata.continue ?? '').toBe('');
  },
  'a limit that takes everything gives no token': async (context) => {
    const client = await three(context);
    const list = await client.list({ limit: 3 });
    expect(namesOf(list)).toEqual(['a', 'b', 'c']);
    expect(list.metadata.continue ?? '').toBe('');
    expect(list.metadata.remainingItemCount).toBeUndefined();
  },
  'with a selector, what remains is not counted': async (context) => {
    const client = await three(context);
    const list = await client.list({ limit: 1, labelSelector: 'group in (x,y)' });
    expect(namesOf(list)).toEqual(['a']);
    expect(list.metadata.continue).toBeTruthy();
    expect(list.metadata.remainingItemCount).toBeUndefined();
  },
  'a token that is no token: BadRequest': async ({ clientset, namespace }) => {
    const failure = await failureOf(clientset.coreV1().configMaps(namespace).list({ limit: 1, continue: 'nonsense' }));
    expect(failure).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(failure.message).toContain('continue key is not valid');
  },
  'a token whose state was forgotten: Expired, with a token to go on inconsistently': async (context) => {
    const client = await three(context);
    const first = await client.list({ limit: 1 });
    await client.create({ metadata: { name: 'd' } });
    await context.compact();
    const failure = await failureOf(client.list({ limit: 1, continue: first.metadata.continue }));
    expect(failure).toMatchObject({ code: 410, reason: 'Expired' });
    expect(failure.message).toContain('The provided continue parameter is too old');
    const next = await client.list({ limit: 1, continue: failure.metadata?.continue });
    expect(namesOf(next)).toEqual(['b']);
  },
  'a version of the past with Exact gives the past': async (context) => {
    const client = await three(context);
    const { resourceVersion } = (await client.list()).metadata;
    await client.delete('b');
    const past = await client.list({ resourceVersion, resourceVersionMatch: 'Exact' });
    expect(namesOf(past)).toEqual(['a', 'b', 'c']);
    expect(past.metadata.resourceVersion).toBe(resourceVersion);
  },
  'a version of the past with NotOlderThan may give the present': async (context) => {
    const client = await three(context);
    const { resourceVersion } = (await client.list()).metadata;
    await client.delete('b');
    await client.list();
    const list = await client.list({ resourceVersion, resourceVersionMatch: 'NotOlderThan' });
    expect(BigInt(list.metadata.resourceVersion ?? '0')).toBeGreaterThanOrEqual(BigInt(resourceVersion ?? '0'));
  },
  'a version that was forgotten with Exact: Expired': async (context) => {
    const client = await three(context);
    const resourceVersion = versionOf(await client.get('a'));
    await client.create({ metadata: { name: 'd' } });
    await context.compact();
    const failure = await failureOf(client.list({ resourceVersion, resourceVersionMatch: 'Exact' }));
    expect(failure).toMatchObject({ code: 410, reason: 'Expired' });
  },
  'a version of the future: Timeout that says the version is too large, and when to try again': async ({
    raw,
    namespace,
  }) => {
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps?resourceVersion=999999999`);
    const failure = json() as Status;
    expect(failure).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
    expect(failure.message).toContain('Too large resource version: 999999999, current: ');
  },
  ...table(
    [
      { name: 'resourceVersionMatch without a version', query: 'resourceVersionMatch=Exact', code: 422 },
      {
        name: 'resourceVersionMatch that does not exist',
        query: 'resourceVersion=1&resourceVersionMatch=Newest',
        code: 422,
      },
      { name: 'Exact with version 0', query: 'resourceVersion=0&resourceVersionMatch=Exact', code: 422 },
      { name: 'sendInitialEvents on a list', query: 'sendInitialEvents=true', code: 422 },
      { name: 'a version that is no number', query: 'resourceVersion=abc', code: 400 },
      { name: 'a limit that is no number', query: 'limit=many', code: 400 },
    ].map((row) => ({ ...row, name: `refused: ${row.name}` })),
    async ({ raw, namespace }, { query, code }) => {
      const { status, json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps?${query}`);
      expect(json()).toMatchObject({ kind: 'Status', code });
      expect(status).toBe(code);
    },
  ),
  'get: version 0 is any version': async ({ clientset, raw, namespace }) => {
    const created = await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' } });
    await clientset.coreV1().configMaps(namespace).list();
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps/a?resourceVersion=0`);
    expect(json()).toMatchObject({ metadata: { uid: created.metadata?.uid } });
  },
  'get: a version of the future: Timeout': async (context) => {
    await three(context);
    const path = `/api/v1/namespaces/${context.namespace}/configmaps/a?resourceVersion=999999999`;
    const { json } = await context.raw('GET', path);
    expect(json()).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
  },
};

/** ConfigMaps `a`, `b` and `c`, with label `group` x, x and y. */
async function three({ clientset, namespace }: CaseContext): Promise<ResourceInterface<ConfigMap, unknown>> {
  const client = clientset.coreV1().configMaps(namespace);
  for (const [name, group] of [
    ['a', 'x'],
    ['c', 'y'],
    ['b', 'x'],
  ] as const) {
    await client.create({ metadata: { name, labels: { group } } });
  }
  return client;
}
