import type { ObjectReference, Pod } from '@client-ts/api/core/v1';
import { NamespaceAll } from '@client-ts/apimachinery';
import { isNotFound, isServiceUnavailable, isTooManyRequests } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { request } from './resources/certificates.js';

const namespace = 'default';
const labels = { app: 'web' };
const containers = [{ name: 'main', image: 'busybox' }];

async function newPod(clientset: Clientset, name: string): Promise<Pod> {
  return clientset
    .coreV1()
    .pods(namespace)
    .create({ metadata: { name, labels: { name } }, spec: { containers } });
}

interface Case {
  /** Why the in-memory server cannot do it. */
  readonly realOnly?: string;
  readonly run: (clientset: Clientset) => Promise<void>;
}

/** What the expansions do to a server; which requests they make is tested beside them. */
const cases: Readonly<Record<string, Case>> = {
  'a log that nobody writes is empty, and one that is not there an error': {
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      await newPod(clientset, 'logs');
      expect(await new Response(pods.getLogs('logs', { tailLines: 5 })).text()).toBe('');
      await expect(pods.getLogs('nobody').getReader().read()).rejects.toSatisfy(isNotFound);
      const container = new Response(pods.getLogs('logs', { container: 'other' })).text();
      await expect(container).rejects.toThrow('container other is not valid for pod logs');
    },
  },
  'a pod is bound to a node': {
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      await newPod(clientset, 'bind');
      await pods.bind({ metadata: { name: 'bind' }, target: { kind: 'Node', name: 'n' } });
      expect((await pods.get('bind')).spec?.nodeName).toBe('n');
    },
  },
  'a pod is evicted, unless its budget says no': {
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      await newPod(clientset, 'evict');
      await pods.evict('evict', { gracePeriodSeconds: 0, dryRun: true });
      await pods.evict('evict', { gracePeriodSeconds: 0 });
      await expect(pods.get('evict')).rejects.toSatisfy(isNotFound);
      await expect(pods.evict('evict')).rejects.toSatisfy(isNotFound);
    },
  },
  'a budget can forbid an eviction': {
    realOnly: 'it serves no policy/v1',
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      const pod = await newPod(clientset, 'guarded');
      const budgets = clientset.policyV1().podDisruptionBudgets(namespace);
      const budget = await budgets.create({
        metadata: { name: 'guard' },
        spec: { minAvailable: 1, selector: { matchLabels: { name: 'guarded' } } },
      });
      // As its controller would say: one is wanted, and one is there.
      const status = {
        observedGeneration: 1,
        disruptionsAllowed: 0,
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 1,
      };
      await budgets.updateStatus({ ...budget, status });
      await pods.updateStatus({
        ...pod,
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      });
      await expect(pods.evict('guarded')).rejects.toSatisfy(isTooManyRequests);
    },
  },
  'an ephemeral container is added': {
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      const pod = await newPod(clientset, 'debug');
      const ephemeralContainers = [{ name: 'debugger', image: 'busybox' }];
      const updated = await pods.updateEphemeralContainers({
        ...pod,
        spec: { containers, ...pod.spec, ephemeralContainers },
      });
      expect(updated.spec?.ephemeralContainers?.map(({ name }) => name)).toEqual(['debugger']);
    },
  },
  'a pod is resized': {
    async run(clientset) {
      const pods = clientset.coreV1().pods(namespace);
      const cpu = (quantity: string) => ({ requests: { cpu: quantity }, limits: { cpu: quantity } });
      const pod = await pods.create({
        metadata: { name: 'resize' },
        spec: { containers: [{ name: 'main', image: 'busybox', resources: cpu('100m') }] },
      });
      const [main] = pod.spec?.containers ?? [];
      const resized = { ...pod.spec, containers: [{ name: 'main', ...main, resources: cpu('200m') }] };
      const updated = await pods.updateResize({ ...pod, spec: resized });
      expect(updated.spec?.containers[0]?.resources).toMatchObject(cpu('200m'));
    },
  },
  'events about an object are found among all': {
    async run(clientset) {
      const pod = await newPod(clientset, 'eventful');
      const other = await newPod(clientset, 'eventless');
      const all = clientset.coreV1().events(NamespaceAll);
      for (const { kind, metadata } of [pod, other]) {
        const { name, uid } = metadata!;
        const involvedObject = { kind, name, namespace, uid } as ObjectReference;
        await all.createWithEventNamespace({
          metadata: { name: `${name}.1`, namespace },
          involvedObject,
          reason: 'Test',
        });
      }
      const { items } = await all.search(pod);
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['eventful.1']);
      await all.patchWithEventNamespace(items[0]!, { type: 'merge', patch: { count: 2 } });
      expect((await clientset.coreV1().events(namespace).search(pod)).items[0]?.count).toBe(2);
    },
  },
  'a scale is read and replaced': {
    async run(clientset) {
      const deployments = clientset.appsV1().deployments(namespace);
      const template = { metadata: { labels }, spec: { containers } };
      await deployments.create({
        metadata: { name: 'scale' },
        spec: { replicas: 1, selector: { matchLabels: labels }, template },
      });
      const scale = await deployments.getScale('scale');
      expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
      await deployments.updateScale('scale', { ...scale, spec: { replicas: 2 } });
      expect((await deployments.get('scale')).spec.replicas).toBe(2);
    },
  },
  'a scale is applied': {
    async run(clientset) {
      const deployments = clientset.appsV1().deployments(namespace);
      const template = { metadata: { labels }, spec: { containers } };
      await deployments.create({ metadata: { name: 'apply' }, spec: { selector: { matchLabels: labels }, template } });
      await deployments.applyScale('apply', { spec: { replicas: 3 } }, { fieldManager: 'tests', force: true });
      expect((await deployments.get('apply')).spec.replicas).toBe(3);
    },
  },
  'a token is issued': {
    async run(clientset) {
      const accounts = clientset.coreV1().serviceAccounts(namespace);
      await accounts.create({ metadata: { name: 'token' } });
      const { status } = await accounts.createToken('token', { spec: { audiences: ['tests'] } });
      expect(status?.token?.split('.')).toHaveLength(3);
    },
  },
  'a namespace is finalized': {
    async run(clientset) {
      const namespaces = clientset.coreV1().namespaces();
      const created = await namespaces.create({ metadata: { name: 'finalize' } });
      const finalized = await namespaces.finalize({ ...created, spec: { finalizers: [] } });
      expect(finalized.spec?.finalizers ?? []).toEqual([]);
    },
  },
  'a certificate is approved': {
    realOnly: 'it serves no certificates.k8s.io',
    async run(clientset) {
      const requests = clientset.certificatesV1().certificateSigningRequests();
      const created = await requests.create({
        metadata: { name: 'approve' },
        spec: { request, signerName: 'example.com/tests', usages: ['client auth'] },
      });
      const approved = { type: 'Approved', status: 'True', reason: 'Tests' };
      const updated = await requests.updateApproval({ ...created, status: { conditions: [approved] } });
      expect(updated.status?.conditions).toMatchObject([approved]);
    },
  },
  'the proxies reach as far as there is something to reach': {
    realOnly: 'it proxies nothing',
    async run(clientset) {
      const services = clientset.coreV1().services(namespace);
      await services.create({ metadata: { name: 'proxy' }, spec: { ports: [{ name: 'http', port: 80 }] } });
      await expect(services.proxy('proxy', { port: 'http', path: 'a' })).rejects.toSatisfy(isServiceUnavailable);
      await expect(clientset.coreV1().nodes().proxy('nobody', { path: 'metrics' })).rejects.toSatisfy(isNotFound);
      await expect(clientset.coreV1().pods(namespace).proxy('nobody', { port: 8080 })).rejects.toSatisfy(isNotFound);
    },
  },
};

describe('on the in-memory server', () => {
  test.for(Object.entries(cases))('%s', async ([, { realOnly, run }], { skip }) => {
    if (realOnly !== undefined) skip(realOnly);
    await using server = new ApiServer();
    await run(new Clientset(server.config()));
  });
});

describeReal('on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.each(Object.entries(cases))('%s', async (_name, { run }) => {
    await run(new Clientset(environment.config));
  });
});
