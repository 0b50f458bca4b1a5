import { type Deployment, deployments } from '@client-ts/api/apps/v1';
import { type Pod, pods } from '@client-ts/api/core/v1';
import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { metaNamespaceKey, recordingClient, SharedIndexInformer, WriteOverlay } from '@client-ts/cache';
import { Clientset } from '@client-ts/clientset';
import { type ResourceClient, RestClient } from '@client-ts/rest';
import { FaultInjector } from '@client-ts/testing';
import { expect, test } from 'vitest';

const labels = { app: 'web' };
const containers = [{ name: 'main', image: 'nginx' }];

/** A server whose watches have fallen silent, so that a cache of it knows nothing newer than `objects`. */
class Setting<T extends KubernetesObject> implements AsyncDisposable {
  readonly clientset: Clientset;
  readonly overlay: WriteOverlay<T>;
  readonly #clock = new FakeClock();
  readonly #server = new ApiServer({ clock: this.#clock });
  readonly #descriptor: ResourceDescriptor<T>;
  readonly #faults = new FaultInjector(this.#server.transport);
  readonly #informer: SharedIndexInformer<T>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(descriptor: ResourceDescriptor<T>) {
    const config = this.#server.config();
    this.#descriptor = descriptor;
    this.clientset = new Clientset(config);
    const reader = new RestClient({ ...config, transport: this.#faults }, this.#clock);
    this.#informer = new SharedIndexInformer<T>(reader.resource(descriptor, 'default'), { clock: this.#clock });
    this.overlay = new WriteOverlay<T>(this.#informer, { keepManagedFields: true });
  }

  async cache(...objects: readonly T[]): Promise<void> {
    const client = new RestClient(this.#server.config(), this.#clock).resource(this.#descriptor, 'default');
    for (const object of objects) await client.create(object);
    this.#running = this.#informer.run({ signal: this.#stop.signal });
    await this.#clock.advance(0);
    expect(this.#informer.indexer.size).toBe(objects.length);
    this.#faults.cut('silence');
  }

  /** What readers see is what the server has. */
  async expectSame(): Promise<void> {
    const { items } = await new RestClient(this.#server.config(), this.#clock)
      .resource(this.#descriptor, 'default')
      .list();
    const byKey = (objects: readonly T[]): T[] =>
      objects.toSorted((a, b) => metaNamespaceKey(a).localeCompare(metaNamespaceKey(b)));
    expect(byKey(this.overlay.list())).toEqual(byKey(items));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#server[Symbol.asyncDispose]();
  }
}

type Pods = ReturnType<ReturnType<Clientset['coreV1']>['pods']>;

test.each<[what: string, write: (client: Pods) => Promise<unknown>]>([
  ['create', (client) => client.create({ metadata: { name: 'c' }, spec: { containers } })],
  ['delete', (client) => client.delete('a')],
  ['delete at once', (client) => client.delete('a', { gracePeriodSeconds: 0 })],
  ['evict', (client) => client.evict('a')],
  ['bind', (client) => client.bind({ metadata: { name: 'a' }, target: { kind: 'Node', name: 'n' } })],
  ['deleteCollection', (client) => client.deleteCollection({}, { labelSelector: 'app=web' })],
  ['deleteCollection of all', (client) => client.deleteCollection({ gracePeriodSeconds: 0 })],
  [
    'updateEphemeralContainers',
    async (client) => {
      const pod = await client.get('a');
      const ephemeralContainers = [{ name: 'debug', image: 'busybox' }];
      return client.updateEphemeralContainers({ ...pod, spec: { ...pod.spec!, ephemeralContainers } });
    },
  ],
])('a reader sees what he did to pods by %s, before the watch brings it', async (_, write) => {
  await using setting = new Setting<Pod>(pods);
  const { clientset, overlay } = setting;
  await setting.cache(
    { metadata: { name: 'a', labels }, spec: { containers } },
    { metadata: { name: 'b' }, spec: { containers } },
  );
  const client = recordingClient<Pod, Pods>(clientset.coreV1().pods('default'), overlay, { namespace: 'default' });
  await write(client);
  expect(overlay.pending).toBeGreaterThan(0);
  await setting.expectSame();
});

test('a reader sees how he scaled, before the watch brings it', async () => {
  await using setting = new Setting<Deployment>(deployments);
  const { clientset, overlay } = setting;
  const template = { metadata: { labels }, spec: { containers } };
  await setting.cache({
    metadata: { name: 'web' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  });
  const plain = clientset.appsV1().deployments('default');
  const client = recordingClient<Deployment, typeof plain>(plain, overlay, { namespace: 'default' });
  await client.updateScale('web', { metadata: { namespace: 'default' }, spec: { replicas: 5 } });
  expect(overlay.getByKey('default/web')?.spec?.replicas).toBe(5);
  await setting.expectSame();
});

/** What changes no object of its resource, or what it is about. */
const Reads = ['get', 'list', 'listItems', 'watch', 'getScale', 'getLogs', 'search', 'getFieldSelector', 'proxy'];
const OfOthers = ['createToken'];

test('no method of a typed client changes its objects unrecorded', async () => {
  await using server = new ApiServer();
  const clientset = new Clientset(server.config());
  const recorder = { record: () => undefined, recordGone: () => undefined };
  const unrecorded = new Set<string>();
  for (const group of methodsOf(clientset).filter((name) => /V\d+\w*$/.test(name)))
    for (const [client, names] of clientsOf(call(clientset, group))) {
      const recording = recordingClient<KubernetesObject, ResourceClient<KubernetesObject, unknown>>(client, recorder);
      // What is not recorded is bound to the client, and left as it is.
      for (const name of names)
        if ((Reflect.get(recording, name) as () => unknown).name.startsWith('bound ')) unrecorded.add(name);
    }
  expect([...unrecorded].toSorted()).toEqual([...Reads, ...OfOthers].toSorted());
});

function* clientsOf(group: object): Generator<readonly [ResourceClient<KubernetesObject, unknown>, readonly string[]]> {
  for (const resource of methodsOf(group)) {
    const client = call(group, resource, 'default') as ResourceClient<KubernetesObject, unknown>;
    const names = [...Object.keys(client), ...methodsOf(client)];
    yield [client, names.filter((name) => typeof Reflect.get(client, name) === 'function')];
  }
}

function methodsOf(object: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => name !== 'constructor');
}

function call(object: object, method: string, ...args: readonly unknown[]): object {
  return (Reflect.get(object, method) as (...args: readonly unknown[]) => object).apply(object, [...args]);
}
