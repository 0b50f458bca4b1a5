import { clusterRoleBindings, clusterRoles } from '@client-ts/api/rbac/v1';
import { customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { type KubernetesObject, NamespaceAll } from '@client-ts/apimachinery';
import { type HealthHandler, type InformerHealth, SharedIndexInformer } from '@client-ts/cache';
import { Environment } from '@client-ts/envtest';
import { restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { gadgetCRD, gadgets } from '../envtest/gadgets.js';

const Rbac = 'rbac.authorization.k8s.io';
const gadget = gadgets('example.com');
/** The longest pause between two requests, with what chance adds to it, and time for a busy machine. */
const PatienceMs = 120_000;

/** An informer of gadgets, and what it has told. */
class Watched implements AsyncDisposable {
  readonly informer: SharedIndexInformer<KubernetesObject>;
  readonly told: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #wakers = new Set<() => void>();

  constructor(source: ConstructorParameters<typeof SharedIndexInformer<KubernetesObject>>[0]) {
    const wake = (): void => {
      for (const waker of this.#wakers) waker();
    };
    const onHealth: HealthHandler<InformerHealth> = wake;
    this.informer = new SharedIndexInformer(source, { onError: () => undefined, onHealth });
    this.informer.addEventHandler({
      onAdd: ({ metadata }) => {
        this.told.push(`add ${metadata?.name}`);
        wake();
      },
      onDelete: ({ key }) => {
        this.told.push(`delete ${key}`);
        wake();
      },
    });
    this.#running = this.informer.run({ signal: this.#stop.signal });
  }

  /** Resolves when that has become so. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      await new Promise<void>((resolve) => {
        const waker = (): void => {
          this.#wakers.delete(waker);
          resolve();
        };
        this.#wakers.add(waker);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

describeReal('an informer on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test(
    'waits for a CustomResourceDefinition, empties its cache when that is removed, and fills it when it is back',
    async () => {
      const client = restClientFor(environment.config);
      const definitions = client.resource(customResourceDefinitions);
      const objects = client.resource(gadget, 'default');
      await using watched = new Watched(client.resource(gadget, NamespaceAll));
      const { informer, told } = watched;
      await watched.until(() => informer.health().state === 'resourceGone');

      await environment.installCRDs([gadgetCRD]);
      await objects.create({ metadata: { name: 'a' } });
      await watched.until(() => told.includes('add a'));

      await definitions.delete('gadgets.example.com');
      await watched.until(() => told.includes('delete default/a'));
      await watched.until(() => informer.health().state === 'resourceGone');
      expect(informer.indexer.size).toBe(0);

      told.length = 0;
      await environment.installCRDs([gadgetCRD]);
      await objects.create({ metadata: { name: 'b' } });
      await watched.until(() => told.includes('add b'));
      expect(told).toEqual(['add b']);
      expect(informer.indexer.listKeys()).toEqual(['default/b']);
    },
    3 * PatienceMs,
  );

  test(
    'is refused, and reads once it is allowed to',
    async () => {
      await environment.installCRDs([gadgetCRD]);
      const admin = restClientFor(environment.config);
      const objects = admin.resource(gadget, 'default');
      const roles = admin.resource(clusterRoles);
      const bindings = admin.resource(clusterRoleBindings);
      const rules = [{ apiGroups: ['example.com'], resources: ['gadgets'], verbs: ['list', 'watch'] }];
      const binding = {
        metadata: { name: 'gadget-readers' },
        roleRef: { apiGroup: Rbac, kind: 'ClusterRole', name: 'gadget-readers' },
        subjects: [{ kind: 'User', apiGroup: Rbac, name: 'reader' }],
      };
      await roles.create({ metadata: { name: 'gadget-readers' }, rules });
      const reader = restClientFor(await environment.addUser({ name: 'reader' }));
      await using watched = new Watched(reader.resource(gadget, NamespaceAll));
      const { informer, told } = watched;
      await watched.until(() => informer.health().state === 'forbidden');
      expect(informer.hasSynced()).toBe(false);

      await objects.create({ metadata: { name: 'kept' } });
      await bindings.create(binding);
      await watched.until(() => told.includes('add kept'));
      expect(informer.health().failures.forbidden).toBeGreaterThan(0);
    },
    2 * PatienceMs,
  );
});
