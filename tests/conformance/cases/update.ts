import { expect } from 'vitest';
import type { ConfigMap } from '@client-ts/api/core/v1';
import type { ResourceInterface } from '@client-ts/rest';
import { type CaseContext, type Cases, failureOf, table, versionOf } from '../case.js';
import { sampleDeployment } from './samples.js';

export const updateCases: Cases = {
  'replaces the object, and gives it a newer version': async (context) => {
    const { client, created } = await one(context);
    const updated = await client.update({ ...created, data: { k: 'new' } });
    expect(updated.data).toEqual({ k: 'new' });
    expect(BigInt(versionOf(updated))).toBeGreaterThan(BigInt(versionOf(created)));
    expect(await client.get('a')).toEqual(updated);
  },
  'a field that is left out is gone': async (context) => {
    const { client, created } = await one(context);
    const { data: _, ...rest } = created;
    expect((await client.update(rest)).data).toBeUndefined();
  },
  'with an old version: Conflict': async (context) => {
    const { client, created } = await one(context);
    await client.update({ ...created, data: { k: 'first' } });
    expect(await failureOf(client.update({ ...created, data: { k: 'second' } }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'a', kind: 'configmaps' },
    });
  },
  'without a version: unconditional': async (context) => {
    const { client, created } = await one(context);
    await client.update({ ...created, data: { k: 'first' } });
    const updated = await client.update({ metadata: { name: 'a' }, data: { k: 'second' } });
    expect(updated.data).toEqual({ k: 'second' });
    expect(updated.metadata?.uid).toBe(created.metadata?.uid);
  },
  'that changes nothing keeps the version': async (context) => {
    const { client, created } = await one(context);
    expect(versionOf(await client.update(created))).toBe(versionOf(created));
  },
  'of what is not there: NotFound': async ({ clientset, namespace }) => {
    const update = clientset
      .coreV1()
      .configMaps(namespace)
      .update({ metadata: { name: 'a' } });
    expect(await failureOf(update)).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
    });
  },
  'with another name than the path says: BadRequest': async ({ raw, namespace }) => {
    const { json } = await raw('PUT', `/api/v1/namespaces/${namespace}/configmaps/a`, {
      body: { metadata: { name: 'b' } },
    });
    expect(json()).toMatchObject({
      code: 400,
      message: 'the name of the object (b) does not match the name on the URL (a)',
    });
  },
  'with another uid: Conflict': async (context) => {
    const { client, created } = await one(context);
    const uid = '00000000-0000-4000-8000-000000000000';
    const failure = await failureOf(client.update({ ...created, metadata: { ...created.metadata, uid } }));
    expect(failure).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(failure.message).toContain('Precondition failed: UID in precondition');
  },
  'cannot change creationTimestamp: it stays': async (context) => {
    const { client, created } = await one(context);
    const metadata = { ...created.metadata, creationTimestamp: '2001-01-01T00:00:00Z' };
    const updated = await client.update({ ...created, metadata, data: { k: 'new' } });
    expect(updated.metadata?.creationTimestamp).toBe(created.metadata?.creationTimestamp);
  },
  'dryRun answers as if, and stores nothing': async (context) => {
    const { client, created } = await one(context);
    const answered = await client.update({ ...created, data: { k: 'new' } }, { dryRun: true });
    expect(answered.data).toEqual({ k: 'new' });
    expect(await client.get('a')).toEqual(created);
  },
  'of the spec counts generation, of metadata does not': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    const created = await client.create(sampleDeployment('a'));
    expect(created.metadata?.generation).toBe(1);
    const labelled = await client.patch('a', { type: 'merge', patch: { metadata: { labels: { x: 'y' } } } });
    expect(labelled.metadata?.generation).toBe(1);
    const scaled = await client.patch('a', { type: 'merge', patch: { spec: { replicas: 3 } } });
    expect(scaled.metadata?.generation).toBe(2);
  },
  'of an object leaves status alone, where status is a subresource': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    const created = await client.create({ ...sampleDeployment('a'), status: { replicas: 7 } });
    expect(created.status?.replicas ?? 0).toBe(0);
    const updated = await client.update({ ...created, status: { replicas: 7 } });
    expect(updated.status?.replicas ?? 0).toBe(0);
  },
  ...table(
    [
      {
        name: 'spec.selector of a Deployment is immutable',
        path: 'spec.selector',
        patch: { spec: { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } } },
      },
    ],
    async ({ clientset, namespace }, { path, patch }) => {
      const client = clientset.appsV1().deployments(namespace);
      await client.create(sampleDeployment('a'));
      const failure = await failureOf(client.patch('a', { type: 'merge', patch }));
      expect(failure).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: path }] } });
      expect(failure.message).toContain('field is immutable');
    },
  ),
  'an immutable ConfigMap stays as it is': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' }, data: { k: 'v' }, immutable: true });
    const failure = await failureOf(client.update({ ...created, data: { k: 'new' } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: 'data' }] } });
  },
  'of a Lease keeps microseconds': async ({ clientset, namespace }) => {
    const client = clientset.coordinationV1().leases(namespace);
    const spec = { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-02T03:04:05.678901Z' };
    const created = await client.create({ metadata: { name: 'a' }, spec });
    expect(created.spec).toMatchObject(spec);
    expect((await client.get('a')).spec?.renewTime).toBe('2026-01-02T03:04:05.678901Z');
  },
  ...table(
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.1Z', '2026-01-02T03:04:05.123456789Z', 'yesterday'].map(
      (renewTime) => ({
        renewTime,
        name: `a Lease's time has six digits after the point: ${renewTime} is BadRequest`,
      }),
    ),
    async ({ clientset, namespace }, { renewTime }) => {
      const client = clientset.coordinationV1().leases(namespace);
      const failure = await failureOf(client.create({ metadata: { name: 'a' }, spec: { renewTime } }));
      expect(failure).toMatchObject({ code: 400, reason: 'BadRequest' });
      expect(failure.message).toContain('Lease in version "v1" cannot be handled as a Lease: parsing time');
    },
  ),
};

interface One {
  readonly client: ResourceInterface<ConfigMap, unknown>;
  readonly created: ConfigMap;
}

async function one({ clientset, namespace }: CaseContext): Promise<One> {
  const client = clientset.coreV1().configMaps(namespace);
  return { client, created: await client.create({ metadata: { name: 'a' }, data: { k: 'v' } }) };
}
