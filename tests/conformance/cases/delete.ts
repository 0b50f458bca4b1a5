import { isSuccessStatus } from '@client-ts/apimachinery/errors';
import { expect } from 'vitest';
import { type Cases, failureOf, namesOf, versionOf } from '../case.js';
import { sampleDeployment, samplePod } from './samples.js';

export const deleteCases: Cases = {
  'the object is gone, and the answer says which': async ({ clientset, raw, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    const { status, json } = await raw('DELETE', `/api/v1/namespaces/${namespace}/configmaps/a`);
    expect(status).toBe(200);
    expect(json()).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: metadata?.uid },
    });
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'with the client: the answer says which': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    const answer = await client.delete('a');
    expect(isSuccessStatus(answer) && answer.details).toEqual({ name: 'a', kind: 'configmaps', uid: metadata?.uid });
  },
  'of what is not there: NotFound': async ({ clientset, namespace }) => {
    const failure = await failureOf(clientset.coreV1().configMaps(namespace).delete('a'));
    expect(failure).toMatchObject({ code: 404, reason: 'NotFound', message: 'configmaps "a" not found' });
  },
  'a namesake made later is another object': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const first = await client.create({ metadata: { name: 'a' } });
    await client.delete('a');
    const second = await client.create({ metadata: { name: 'a' } });
    expect(second.metadata?.uid).not.toBe(first.metadata?.uid);
  },
  'with the uid of another object: Conflict': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const { metadata } = await client.create({ metadata: { name: 'a' } });
    const uid = '00000000-0000-4000-8000-000000000000';
    const failure = await failureOf(client.delete('a', { preconditions: { uid } }));
    expect(failure).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(failure.message).toContain(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata?.uid})`,
    );
    await client.delete('a', { preconditions: { uid: metadata?.uid ?? '' } });
  },
  'with an old version: Conflict': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' } });
    await client.update({ ...created, data: { k: 'v' } });
    const failure = await failureOf(client.delete('a', { preconditions: { resourceVersion: versionOf(created) } }));
    expect(failure).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(failure.message).toContain('the ResourceVersion in the precondition');
  },
  'dryRun deletes nothing': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' } });
    await client.delete('a', { dryRun: true });
    expect(await client.get('a')).toEqual(created);
  },
  'with a finalizer: marked, and gone when the finalizer is': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/wait'] } });
    const answer = await client.delete('a');
    const marked = await client.get('a');
    expect(answer).toEqual(marked);
    expect(marked.metadata?.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(marked.metadata?.deletionGracePeriodSeconds).toBe(0);
    await client.update({ ...marked, metadata: { ...marked.metadata, finalizers: [] } });
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'twice with a finalizer: the mark stays': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/wait'] } });
    await client.delete('a');
    const first = await client.get('a');
    await client.delete('a');
    expect((await client.get('a')).metadata?.deletionTimestamp).toBe(first.metadata?.deletionTimestamp);
  },
  'a marked object takes no new finalizer': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/wait'] } });
    await client.delete('a');
    const marked = await client.get('a');
    const finalizers = ['example.com/wait', 'example.com/more'];
    const failure = await failureOf(client.update({ ...marked, metadata: { ...marked.metadata, finalizers } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(failure.message).toContain('no new finalizers can be added if the object is being deleted');
  },
  'the mark cannot be taken back': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/wait'] } });
    await client.delete('a');
    const patched = await client.patch('a', { type: 'merge', patch: { metadata: { deletionTimestamp: null } } });
    expect(patched.metadata?.deletionTimestamp).toBeDefined();
  },
  'Foreground: held by a finalizer until dependents are gone': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    await client.delete('a', { propagationPolicy: 'Foreground' });
    const marked = await client.get('a');
    expect(marked.metadata?.finalizers).toEqual(['foregroundDeletion']);
    expect(marked.metadata?.deletionTimestamp).toBeDefined();
  },
  'Orphan: held by a finalizer until dependents are let go': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    await client.delete('a', { propagationPolicy: 'Orphan' });
    expect((await client.get('a')).metadata?.finalizers).toEqual(['orphan']);
  },
  'Background: gone at once': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    await client.delete('a', { propagationPolicy: 'Background' });
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'a policy that does not exist: Invalid': async ({ clientset, raw, namespace }) => {
    await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' } });
    const { json } = await raw('DELETE', `/api/v1/namespaces/${namespace}/configmaps/a?propagationPolicy=Sideways`);
    expect(json()).toMatchObject({ code: 422, reason: 'Invalid' });
  },
  'two ways to say what becomes of dependents: Invalid': async ({ clientset, raw, namespace }) => {
    await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' } });
    const body = { orphanDependents: true, propagationPolicy: 'Orphan' };
    const { json } = await raw('DELETE', `/api/v1/namespaces/${namespace}/configmaps/a`, { body });
    expect(json()).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: { kind: 'DeleteOptions', causes: [{ field: 'propagationPolicy' }] },
    });
  },
  'a pod on a node is given time': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    const pod = samplePod('a');
    await client.create({ ...pod, spec: { ...pod.spec, nodeName: 'node-1', containers: pod.spec?.containers ?? [] } });
    await client.delete('a');
    const marked = await client.get('a');
    expect(marked.metadata?.deletionGracePeriodSeconds).toBe(30);
    await client.delete('a', { gracePeriodSeconds: 0 });
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'a pod on no node is gone at once': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    await client.create(samplePod('a'));
    await client.delete('a');
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'a collection, by selector': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    for (const [name, group] of [
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'y'],
    ] as const) {
      await client.create({ metadata: { name, labels: { group } } });
    }
    await client.deleteCollection({}, { labelSelector: 'group=x' });
    expect(namesOf(await client.list())).toEqual(['c']);
  },
  'a collection of nothing is no failure': async ({ clientset, namespace }) => {
    await clientset.coreV1().configMaps(namespace).deleteCollection({}, { labelSelector: 'group=nobody' });
  },
};
