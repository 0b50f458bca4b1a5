import { expect } from 'vitest';
import { type Cases, failureOf } from '../case.js';
import { sampleDeployment, samplePod } from './samples.js';

export const subresourceCases: Cases = {
  'status: only the status is written': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    const created = await client.create(sampleDeployment('a'));
    const updated = await client.updateStatus({
      ...created,
      metadata: { ...created.metadata, labels: { ignored: 'yes' } },
      spec: { ...created.spec, replicas: 9 },
      status: { replicas: 3, observedGeneration: 1 },
    });
    expect(updated.status).toMatchObject({ replicas: 3, observedGeneration: 1 });
    expect(updated.spec.replicas).toBe(1);
    expect(updated.metadata?.generation).toBe(1);
  },
  'status: patching it leaves the spec alone': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    await client.create(samplePod('a'));
    const patch = { spec: { activeDeadlineSeconds: 5 }, status: { phase: 'Running' } };
    const patched = await client.patch('a', { type: 'merge', patch }, { subresource: 'status' });
    expect(patched.status?.phase).toBe('Running');
    expect(patched.spec?.activeDeadlineSeconds).toBeUndefined();
  },
  'status: can be read': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    await client.create(samplePod('a'));
    expect((await client.get('a', { subresource: 'status' })).status?.phase).toBe('Pending');
  },
  'status: with an old version: Conflict': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    const created = await client.create(sampleDeployment('a'));
    await client.patch('a', { type: 'merge', patch: { spec: { replicas: 2 } } });
    expect(await failureOf(client.updateStatus({ ...created, status: { replicas: 1 } }))).toMatchObject({ code: 409 });
  },
  'status: of a resource that has none: NotFound': async ({ clientset, raw, namespace }) => {
    await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' } });
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/configmaps/a/status`);
    expect(json()).toMatchObject({ code: 404, message: 'the server could not find the requested resource' });
  },
  'scale: reads and writes replicas': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    const scale = await client.getScale('a');
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'a', namespace },
      spec: { replicas: 1 },
      status: { selector: 'app=a' },
    });
    const updated = await client.updateScale('a', { ...scale, spec: { replicas: 4 } });
    expect(updated.spec?.replicas).toBe(4);
    expect((await client.get('a')).spec.replicas).toBe(4);
  },
  'scale: below zero: Invalid': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    const scale = await client.getScale('a');
    const failure = await failureOf(client.updateScale('a', { ...scale, spec: { replicas: -1 } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
  },
  'eviction: takes a pod away': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    await client.create(samplePod('a'));
    await client.evict('a');
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'binding: puts a pod on a node, once': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().pods(namespace);
    await client.create(samplePod('a'));
    const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'node-1' } };
    await client.bind(binding);
    const bound = await client.get('a');
    expect(bound.spec?.nodeName).toBe('node-1');
    expect(bound.metadata?.generation).toBe(1);
    expect(bound.status?.conditions).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'PodScheduled', status: 'True' })]),
    );
    const failure = await failureOf(client.bind({ ...binding, target: { kind: 'Node', name: 'node-2' } }));
    expect(failure).toMatchObject({ code: 409 });
    expect(failure.message).toContain('pod a is already assigned to node "node-1"');
  },
  'a subresource that does not exist: NotFound': async ({ raw, namespace }) => {
    const { json } = await raw('GET', `/api/v1/namespaces/${namespace}/pods/a/nonsense`);
    expect(json()).toMatchObject({ code: 404, message: 'the server could not find the requested resource' });
  },
};
