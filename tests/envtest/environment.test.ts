import { access } from 'node:fs/promises';
import path from 'node:path';
import { Clientset } from '@client-ts/clientset';
import { loadConfig } from '@client-ts/clientcmd';
import { Environment } from '@client-ts/envtest';
import { DynamicClient } from '@client-ts/dynamic';
import { type Config, restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runKubectl } from '../clientcmd/kubectl.js';
import { describeReal } from './describe-real.js';
import { answers } from './answers.js';
import { gadgets, gadgetCRD } from './gadgets.js';

const Rbac = 'rbac.authorization.k8s.io';

/** Lets the group `readers` list ConfigMaps. */
const readers = {
  clusterroles: {
    apiVersion: `${Rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'readers' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
  },
  clusterrolebindings: {
    apiVersion: `${Rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'readers' },
    roleRef: { apiGroup: Rbac, kind: 'ClusterRole', name: 'readers' },
    subjects: [{ kind: 'Group', apiGroup: Rbac, name: 'readers' }],
  },
};

describeReal('an environment', ['etcd', 'kubeApiserver', 'kubectl'], ({ kubectl }) => {
  let environment: Environment;
  let admin: Clientset;
  beforeAll(async () => {
    environment = await Environment.start({ crds: [gadgetCRD] });
    admin = new Clientset(environment.config);
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test('is ready: its administrator may do anything', async () => {
    const created = await admin
      .coreV1()
      .configMaps('default')
      .create({ metadata: { generateName: 'a-' } });
    expect(created.metadata?.uid).toBeDefined();
  });

  test('serves the CRDs that it was started with, and those installed later', async () => {
    const created = await admin.resource(gadgets('example.com'), 'default').create({ metadata: { name: 'a' } });
    expect(created.metadata?.uid).toBeDefined();
    const later = structuredClone(gadgetCRD);
    later.metadata = { name: 'gadgets.later.example.com' };
    later.spec.group = 'later.example.com';
    await environment.installCRDs([later]);
    await environment.installCRDs([later]);
    expect((await admin.resource(gadgets('later.example.com'), 'default').list()).items).toEqual([]);
  });

  test('says why a CRD cannot be served', async () => {
    const clash = structuredClone(gadgetCRD);
    clash.spec.names = { ...clash.spec.names, plural: 'gadgetz', singular: 'gadget' };
    clash.metadata = { name: 'gadgetz.example.com' };
    await expect(environment.installCRDs([clash])).rejects.toThrow(
      /^CustomResourceDefinition gadgetz\.example\.com: "Gadget\w*" is already in use$/i,
    );
  });

  test('knows users by name and groups', async () => {
    const config = await environment.addUser({ name: 'bob', groups: ['dev', 'ops'] });
    const target = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    expect(await restClientFor(config).json({ method: 'POST', target, body })).toMatchObject({
      status: { userInfo: { username: 'bob', groups: ['dev', 'ops', 'system:authenticated'] } },
    });
  });

  test('lets users do what RBAC says', async () => {
    const carol = new Clientset(await environment.addUser({ name: 'carol', groups: ['readers'] }));
    const list = (): Promise<unknown> => carol.coreV1().configMaps('default').list();
    await expect(list()).rejects.toMatchObject({ status: { code: 403 } });
    const dynamic = new DynamicClient(environment.config);
    for (const [resource, object] of Object.entries(readers)) {
      await dynamic.resource({ group: Rbac, version: 'v1', resource }).create(object);
    }
    await expect.poll(list).toMatchObject({ kind: 'ConfigMapList' });
  });

  test('writes a kubeconfig for kubectl, and for loadConfig', async () => {
    const { stdout, stderr } = await runKubectl(kubectl, ['get', 'namespace', 'default', '-o', 'name'], {
      KUBECONFIG: environment.kubeconfig,
      HOME: path.dirname(environment.kubeconfig),
    });
    expect([stdout, stderr]).toEqual(['namespace/default\n', '']);
    const config = await loadConfig({ kubeconfig: environment.kubeconfig });
    expect((await new Clientset(config).coreV1().namespaces().get('default')).status?.phase).toBe('Active');
    await config.transport?.[Symbol.asyncDispose]();
  });

  test('is one of many: others have servers, data and authorities of their own', async () => {
    await using other = await Environment.start();
    expect(new URL(other.config.host).port).not.toBe(new URL(environment.config.host).port);
    await admin
      .coreV1()
      .namespaces()
      .create({ metadata: { name: 'only-here' } });
    const there = new Clientset(other.config).coreV1().namespaces();
    await expect(there.get('only-here')).rejects.toMatchObject({ status: { code: 404 } });

    const trustsTheWrongOne: Config = { ...environment.config, host: other.config.host };
    await expect(new Clientset(trustsTheWrongOne).coreV1().namespaces().list()).rejects.toThrow(/certificate/);
  });

  test('leaves nothing behind when disposed of, once or twice', async () => {
    const short = await Environment.start();
    const { host } = short.config;
    await Promise.all([short[Symbol.asyncDispose](), short[Symbol.asyncDispose]()]);
    expect([await answers(host), await answers(short.etcdUrl)]).toEqual([false, false]);
    await expect(access(path.dirname(short.kubeconfig))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describeReal('an environment with controllers', ['etcd', 'kubeApiserver', 'kubeControllerManager'], () => {
  let environment: Environment;
  let admin: Clientset;
  beforeAll(async () => {
    environment = await Environment.start({ controllerManager: true });
    admin = new Clientset(environment.config);
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test('turns Deployments into Pods', async () => {
    const labels = { app: 'web' };
    const spec = { containers: [{ name: 'main', image: 'busybox' }] };
    await admin
      .appsV1()
      .deployments('default')
      .create({
        metadata: { name: 'web' },
        spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      });
    for await (const { object } of admin
      .appsV1()
      .deployments('default')
      .watch({ fieldSelector: 'metadata.name=web' })) {
      if ('status' in object && (object as { status?: { replicas?: number } }).status?.replicas === 2) break;
    }
    const { items } = await admin.coreV1().pods('default').list({ labelSelector: 'app=web' });
    expect(items).toHaveLength(2);
  });

  test('finishes the deletion of namespaces', async () => {
    const namespaces = admin.coreV1().namespaces();
    const { metadata } = await namespaces.create({ metadata: { name: 'short-lived' } });
    const fieldSelector = 'metadata.name=short-lived';
    const watch = namespaces.watch({ fieldSelector, resourceVersion: metadata?.resourceVersion });
    await namespaces.delete('short-lived');
    for await (const { type } of watch) if (type === 'DELETED') break;
    await expect(namespaces.get('short-lived')).rejects.toMatchObject({ status: { code: 404 } });
  });
});
