import { type KubernetesList, NamespaceAll } from '@client-ts/apimachinery';
import { deployments, type Deployment } from '@client-ts/api/apps/v1';
import type { Scale } from '@client-ts/api/autoscaling/v1';
import { type Node, nodes, type PodApplyConfiguration } from '@client-ts/api/core/v1';
import type { Transport, TransportRequest } from '@client-ts/rest';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { AppsV1Client } from './gen/apps/v1.js';
import { Clientset, type PodLogOptions } from './index.js';

async function* answer() {
  yield new TextEncoder().encode('{"metadata":{"name":"a"}}');
}

/** Answers every request, and keeps what was asked. */
function recorder() {
  const requests: { method: string; path: string; body?: unknown }[] = [];
  const transport: Transport = {
    request({ method, url, body }: TransportRequest) {
      requests.push({
        method,
        path: url.pathname + url.search,
        ...(typeof body === 'string' && { body: JSON.parse(body) as unknown }),
      });
      return Promise.resolve({ status: 200, headers: {}, body: answer(), discard: () => Promise.resolve() });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { config: { host: 'https://server.test', transport }, requests };
}

const scale = { spec: { replicas: 2 } };
const owner = { fieldManager: 'tests' };

describe('a call becomes the request of the API', () => {
  test.each<[string, (clientset: Clientset) => Promise<unknown>, object]>([
    [
      'a namespaced resource',
      (clientset) => clientset.appsV1().deployments('ns').get('a'),
      { method: 'GET', path: '/apis/apps/v1/namespaces/ns/deployments/a' },
    ],
    [
      'a cluster-scoped resource',
      (clientset) => clientset.coreV1().nodes().get('a'),
      { method: 'GET', path: '/api/v1/nodes/a' },
    ],
    [
      'all namespaces',
      (clientset) => clientset.coordinationV1().leases(NamespaceAll).list(),
      { method: 'GET', path: '/apis/coordination.k8s.io/v1/leases' },
    ],
    [
      'a descriptor',
      (clientset) => clientset.resource(deployments, 'ns').delete('a'),
      {
        method: 'DELETE',
        path: '/apis/apps/v1/namespaces/ns/deployments/a',
        body: { apiVersion: 'v1', kind: 'DeleteOptions' },
      },
    ],
    [
      'a status',
      (clientset) =>
        clientset
          .batchV1()
          .jobs('ns')
          .applyStatus({ metadata: { name: 'a' } }, owner),
      {
        method: 'PATCH',
        path: '/apis/batch/v1/namespaces/ns/jobs/a/status?fieldManager=tests',
        body: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } },
      },
    ],
    [
      'reading a scale',
      (clientset) => clientset.appsV1().statefulSets('ns').getScale('a'),
      { method: 'GET', path: '/apis/apps/v1/namespaces/ns/statefulsets/a/scale' },
    ],
    [
      'replacing a scale',
      (clientset) => clientset.appsV1().deployments('ns').updateScale('a', scale, { dryRun: true }),
      {
        method: 'PUT',
        path: '/apis/apps/v1/namespaces/ns/deployments/a/scale?dryRun=All',
        body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 2 } },
      },
    ],
    [
      'applying a scale',
      (clientset) => clientset.coreV1().replicationControllers('ns').applyScale('a', scale, owner),
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/ns/replicationcontrollers/a/scale?fieldManager=tests',
        body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 2 } },
      },
    ],
    [
      'evicting a pod',
      (clientset) => clientset.coreV1().pods('ns').evict('a', { gracePeriodSeconds: 0, dryRun: true }),
      {
        method: 'POST',
        path: '/api/v1/namespaces/ns/pods/a/eviction?dryRun=All',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'a', namespace: 'ns' },
          deleteOptions: { gracePeriodSeconds: 0 },
        },
      },
    ],
    [
      'binding a pod',
      (clientset) =>
        clientset
          .coreV1()
          .pods('ns')
          .bind({ metadata: { name: 'a' }, target: { kind: 'Node', name: 'n' } }),
      {
        method: 'POST',
        path: '/api/v1/namespaces/ns/pods/a/binding',
        body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target: { kind: 'Node', name: 'n' } },
      },
    ],
    [
      'finalizing a namespace',
      (clientset) =>
        clientset
          .coreV1()
          .namespaces()
          .finalize({ metadata: { name: 'a' }, spec: { finalizers: [] } }),
      {
        method: 'PUT',
        path: '/api/v1/namespaces/a/finalize',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' }, spec: { finalizers: [] } },
      },
    ],
    [
      'a token',
      (clientset) =>
        clientset
          .coreV1()
          .serviceAccounts('ns')
          .createToken('a', { spec: { audiences: ['b'] } }),
      {
        method: 'POST',
        path: '/api/v1/namespaces/ns/serviceaccounts/a/token',
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          metadata: { name: 'a' },
          spec: { audiences: ['b'] },
        },
      },
    ],
    [
      'the log of a pod',
      (clientset) =>
        new Response(
          clientset.coreV1().pods('ns').getLogs('a', {
            container: 'b',
            previous: true,
            sinceTime: '2026-01-01T00:00:00Z',
            tailLines: 5,
          }),
        ).text(),
      {
        method: 'GET',
        path: '/api/v1/namespaces/ns/pods/a/log?container=b&previous=true&sinceTime=2026-01-01T00%3A00%3A00Z&tailLines=5',
      },
    ],
    [
      'adding an ephemeral container',
      (clientset) =>
        clientset
          .coreV1()
          .pods('ns')
          .updateEphemeralContainers({ metadata: { name: 'a' } }),
      {
        method: 'PUT',
        path: '/api/v1/namespaces/ns/pods/a/ephemeralcontainers',
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
      },
    ],
    [
      'resizing a pod',
      (clientset) =>
        clientset
          .coreV1()
          .pods('ns')
          .updateResize({ metadata: { name: 'a' } }, { dryRun: true }),
      {
        method: 'PUT',
        path: '/api/v1/namespaces/ns/pods/a/resize?dryRun=All',
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
      },
    ],
    [
      'approving a certificate',
      (clientset) =>
        clientset
          .certificatesV1()
          .certificateSigningRequests()
          .updateApproval({ metadata: { name: 'a' }, spec: { request: '', signerName: 'b', usages: [] } }),
      {
        method: 'PUT',
        path: '/apis/certificates.k8s.io/v1/certificatesigningrequests/a/approval',
        body: {
          apiVersion: 'certificates.k8s.io/v1',
          kind: 'CertificateSigningRequest',
          metadata: { name: 'a' },
          spec: { request: '', signerName: 'b', usages: [] },
        },
      },
    ],
    [
      'what a service serves',
      (clientset) => clientset.coreV1().services('ns').proxy('a', { port: 'http', path: 'b' }),
      { method: 'GET', path: '/api/v1/namespaces/ns/services/a:http/proxy/b' },
    ],
    [
      'a group of another name',
      (clientset) => clientset.internalV1alpha1().storageVersions().get('a'),
      { method: 'GET', path: '/apis/internal.apiserver.k8s.io/v1alpha1/storageversions/a' },
    ],
    [
      'a custom resource definition',
      (clientset) => clientset.apiextensionsV1().customResourceDefinitions().get('a'),
      { method: 'GET', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a' },
    ],
  ])('%s', async (_what, call, request) => {
    const { config, requests } = recorder();
    await call(new Clientset(config));
    expect(requests).toEqual([request]);
  });
});

test('a call does not change the objects it is given', async () => {
  const { config } = recorder();
  const object = Object.freeze({
    metadata: Object.freeze({ resourceVersion: '1' }),
    spec: Object.freeze({ replicas: 1 }),
  });
  await new Clientset(config).appsV1().deployments('ns').updateScale('a', object);
  expect(object.metadata).toEqual({ resourceVersion: '1' });
});

test('the scale of the named object is written, whatever the scale says', async () => {
  const { config, requests } = recorder();
  await new Clientset(config)
    .appsV1()
    .deployments('ns')
    .updateScale('a', { metadata: { name: 'b', uid: 'of-b' } });
  expect(requests).toMatchObject([
    { path: '/apis/apps/v1/namespaces/ns/deployments/a/scale', body: { metadata: { name: 'a', uid: 'of-b' } } },
  ]);
});

describe('events', () => {
  const event = (namespace?: string) => ({
    metadata: { name: 'web.1', ...(namespace !== undefined && { namespace }) },
    involvedObject: { kind: 'Pod', name: 'web' },
  });
  const eventsOf = (namespace: string) => {
    const { config, requests } = recorder();
    return { events: new Clientset(config).coreV1().events(namespace), requests };
  };

  test.each([
    [NamespaceAll, 'ns'],
    ['ns', 'ns'],
    ['ns', undefined],
  ])('of a client of %j are written where they belong: %j', async (namespace, own) => {
    const { events, requests } = eventsOf(namespace);
    await events.createWithEventNamespace(event(own));
    await events.updateWithEventNamespace(event(own));
    await events.patchWithEventNamespace(event(own), { type: 'merge', patch: { count: 2 } });
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/namespaces/ns/events',
      'PUT /api/v1/namespaces/ns/events/web.1',
      'PATCH /api/v1/namespaces/ns/events/web.1',
    ]);
  });

  test.each([
    [{ kind: 'Pod', metadata: { name: 'web', namespace: 'ns', uid: '1' } }, 'name=web,namespace=ns,kind=Pod,uid=1'],
    [{ metadata: { name: 'web' } }, 'name=web'],
    [{ kind: 'Pod', name: 'a,b', namespace: 'ns' }, 'name=a\\,b,namespace=ns,kind=Pod'],
  ])('about %j are found', async (about, selector) => {
    const { events, requests } = eventsOf('ns');
    await events.search(about, { limit: 5 });
    const expected = selector.replaceAll(/(^|,)(?=\w+=)/g, '$1involvedObject.');
    const query = new URLSearchParams(requests[0]?.path.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({ fieldSelector: expected, limit: '5' });
  });

  test('of another namespace are refused', async () => {
    const { events, requests } = eventsOf('ns');
    const message = "in namespace 'ns'";
    await expect(events.createWithEventNamespace(event('other'))).rejects.toThrow(message);
    await expect(events.updateWithEventNamespace(event('other'))).rejects.toThrow(message);
    await expect(events.patchWithEventNamespace(event('other'), { type: 'merge', patch: {} })).rejects.toThrow(message);
    await expect(events.search({ kind: 'Pod', name: 'web', namespace: 'other' })).rejects.toThrow(message);
    expect(requests).toEqual([]);
  });
});

test('a config that contradicts itself is refused at once', () => {
  expect(() => new Clientset({ host: 'https://server.test', bearerToken: 't', username: 'u', password: 'p' })).toThrow(
    TypeError,
  );
});

type Answer<M extends (...args: never) => unknown> = Awaited<ReturnType<M>>;

describe('types', () => {
  const { config } = recorder();
  const clientset = new Clientset(config);

  test('what comes back has the type of the resource', () => {
    type Client = ReturnType<AppsV1Client['deployments']>;
    expectTypeOf<Answer<Client['get']>>().toEqualTypeOf<Deployment>();
    expectTypeOf<Answer<Client['list']>>().toEqualTypeOf<KubernetesList<Deployment>>();
    expectTypeOf<Answer<Client['getScale']>>().toEqualTypeOf<Scale>();
    expectTypeOf(clientset.appsV1().deployments('x').get('a')).toEqualTypeOf<Promise<Deployment>>();
    expectTypeOf(clientset.resource(nodes).get('a')).toEqualTypeOf<Promise<Node>>();
    expectTypeOf(clientset.resource(deployments, 'x').get('a')).toEqualTypeOf<Promise<Deployment>>();
    expectTypeOf<ReturnType<ReturnType<Clientset['appsV1']>['deployments']>>().toEqualTypeOf<Client>();
  });

  test('a wrong scope does not compile', () => {
    // @ts-expect-error -- deployments have a namespace
    expect(() => clientset.resource(deployments)).toThrow('namespace');
    // @ts-expect-error -- nodes have none
    expect(() => clientset.resource(nodes, 'x')).toThrow('namespace');
    // @ts-expect-error -- deployments have a namespace
    expect(() => clientset.appsV1().deployments()).toThrow('namespace');
    // @ts-expect-error -- nodes have none
    clientset.coreV1().nodes('x');
  });

  test('a wrong field does not compile', () => {
    const client = clientset.appsV1().deployments('x');
    const template = { spec: { containers: [{ name: 'a' }] } };
    const spec = { selector: {}, template };
    void client.create({ metadata: { name: 'a' }, spec });
    // @ts-expect-error -- a typing mistake
    void client.create({ metadata: { name: 'a' }, spec: { ...spec, replica: 1 } });
    // @ts-expect-error -- of another type
    void client.create({ metadata: { name: 'a' }, spec: { ...spec, replicas: '1' } });
    // @ts-expect-error -- required, and missing
    void client.create({ metadata: { name: 'a' }, spec: { selector: {} } });
    // @ts-expect-error -- of another group
    void client.create({ apiVersion: 'v1', metadata: { name: 'a' }, spec });
    // @ts-expect-error -- not among the values
    void client.create({ metadata: { name: 'a' }, spec: { ...spec, strategy: { type: 'Replace' } } });
    expectTypeOf<Deployment>().not.toHaveProperty('replicas');
  });

  test('an apply without a field manager does not compile', () => {
    const client = clientset.appsV1().deployments('x');
    const configuration = { metadata: { name: 'a' } };
    const calls = [
      // @ts-expect-error -- whose fields they are must be said
      () => client.apply(configuration),
      // @ts-expect-error -- whose fields they are must be said
      () => client.applyStatus(configuration, { force: true }),
      // @ts-expect-error -- whose fields they are must be said
      () => client.applyScale('a', { spec: { replicas: 1 } }, {}),
      // @ts-expect-error -- the server applies to one object
      () => client.apply({ spec: {} }, owner),
      // @ts-expect-error -- a typing mistake
      () => client.apply({ ...configuration, spec: { replica: 1 } }, owner),
      () => client.apply({ ...configuration, spec: { replicas: 1 } }, owner),
    ];
    expect(calls).toHaveLength(6);
  });

  test('a subresource that is not the object itself does not compile', () => {
    const client = clientset.appsV1().deployments('x');
    const patch = { type: 'merge', patch: {} } as const;
    const calls = [
      () => client.patch('a', patch, { subresource: 'status' }),
      () => clientset.coreV1().pods('x').get('a', { subresource: 'resize' }),
      // @ts-expect-error -- a typing mistake
      () => client.patch('a', patch, { subresource: 'stauts' }),
      // @ts-expect-error -- that is another object: getScale
      () => client.get('a', { subresource: 'scale' }),
      // @ts-expect-error -- that is text: getLogs
      () => clientset.coreV1().pods('x').get('a', { subresource: 'log' }),
      // @ts-expect-error -- config maps have none
      () => clientset.coreV1().configMaps('x').patch('a', patch, { subresource: 'status' }),
      // Any resource may have any.
      () => clientset.resource(deployments, 'x').get('a', { subresource: 'scale' }),
    ];
    expect(calls).toHaveLength(7);
  });

  test('nothing that completion works on is any', () => {
    type Client = ReturnType<ReturnType<Clientset['coreV1']>['pods']>;
    type Got = Answer<Client['get']>;
    expectTypeOf<Client>().not.toBeAny();
    expectTypeOf<Got>().not.toBeAny();
    expectTypeOf<Got['metadata']>().not.toBeAny();
    expectTypeOf<NonNullable<NonNullable<Got['spec']>['containers'][number]['env']>[number]>().not.toBeAny();
    expectTypeOf<Answer<Client['list']>['items'][number]>().toEqualTypeOf<Got>();
    expectTypeOf<Parameters<Client['create']>[0]>().toEqualTypeOf<Got>();
    expectTypeOf<Parameters<Client['apply']>[0]>().toEqualTypeOf<PodApplyConfiguration>();
    expectTypeOf<Parameters<Client['getLogs']>[1]>().toEqualTypeOf<PodLogOptions | undefined>();
  });

  test('what the API lacks does not compile', () => {
    type CoreV1 = ReturnType<Clientset['coreV1']>;
    expectTypeOf<ReturnType<CoreV1['namespaces']>>().not.toHaveProperty('deleteCollection');
    expectTypeOf<keyof ReturnType<CoreV1['bindings']>>().toEqualTypeOf<'create'>();
    expectTypeOf<keyof ReturnType<CoreV1['componentStatuses']>>().toEqualTypeOf<'get' | 'list' | 'listItems'>();
    expectTypeOf<ReturnType<CoreV1['configMaps']>>().not.toHaveProperty('updateStatus');
    expectTypeOf<ReturnType<CoreV1['pods']>>().not.toHaveProperty('getScale');
    expectTypeOf<ReturnType<CoreV1['configMaps']>>().not.toHaveProperty('applyStatus');
    expectTypeOf<ReturnType<CoreV1['secrets']>>().not.toHaveProperty('proxy');
    expectTypeOf<ReturnType<CoreV1['nodes']>>().not.toHaveProperty('getLogs');
    expectTypeOf<ReturnType<CoreV1['services']>>().not.toHaveProperty('evict');
  });
});
