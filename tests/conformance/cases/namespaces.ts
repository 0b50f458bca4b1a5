import { expect } from 'vitest';
import { type Cases, failureOf, namesOf } from '../case.js';

export const namespaceCases: Cases = {
  'the usual ones are there': async ({ clientset }) => {
    const names = namesOf(await clientset.coreV1().namespaces().list());
    expect(names).toEqual(expect.arrayContaining(['default', 'kube-node-lease', 'kube-public', 'kube-system']));
  },
  'a new one is Active, guarded by a finalizer, and labelled with its name': async ({ clientset, namespace }) => {
    expect(await clientset.coreV1().namespaces().get(namespace)).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': namespace } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  },
  'deleting one marks it Terminating': async ({ clientset, namespace }) => {
    await clientset.coreV1().namespaces().delete(namespace);
    const { metadata, status } = await clientset.coreV1().namespaces().get(namespace);
    expect(metadata?.deletionTimestamp).toBeDefined();
    expect(status?.phase).toBe('Terminating');
  },
  'a terminating one takes nothing new: Forbidden': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'before' } });
    await clientset.coreV1().namespaces().delete(namespace);
    const failure = await failureOf(client.create({ metadata: { name: 'after' } }));
    expect(failure).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(failure.message).toBe(
      `configmaps "after" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    expect(failure.details?.causes?.[0]).toMatchObject({ reason: 'NamespaceTerminating' });
  },
  'finalize lets it go': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().namespaces();
    await client.delete(namespace);
    const terminating = await client.get(namespace);
    await client.finalize({ ...terminating, spec: { finalizers: [] } });
    expect(await failureOf(client.get(namespace))).toMatchObject({
      code: 404,
      message: `namespaces "${namespace}" not found`,
    });
  },
  'there is no deleting of all of them': async ({ raw }) => {
    const { json } = await raw('DELETE', '/api/v1/namespaces');
    expect(json()).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
  },
  'the protected ones cannot be deleted: Forbidden': async ({ clientset }) => {
    expect(await failureOf(clientset.coreV1().namespaces().delete('kube-system'))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
    });
  },
  'creating in all namespaces is not possible': async ({ raw }) => {
    const { json } = await raw('POST', '/api/v1/configmaps', { body: { metadata: { name: 'a' } } });
    expect(json()).toMatchObject({ code: 405 });
  },
};
