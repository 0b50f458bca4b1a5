import { configMaps, namespaces, secrets } from '@client-ts/api/core/v1';
import { customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { clusterRoleBindings, clusterRoles } from '@client-ts/api/rbac/v1';
import type { HealthState } from '@client-ts/cache';
import { Environment, type ServerName } from '@client-ts/envtest';
import { type RestClient, restClientFor } from '@client-ts/rest';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { gadgetCRD, gadgets } from '../envtest/gadgets.js';
import type { RealScene, RealSceneOptions } from './real-scene.js';
import { RealScenes, sceneNamespaces } from './real-scenes.js';
import { wholeObject } from './whole-object.js';

const Rbac = 'rbac.authorization.k8s.io';

describeReal('an informer on a real server survives that', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  let admin: RestClient;
  beforeAll(async () => {
    // Watches of secrets go to etcd, those of other resources to kube-apiserver's cache.
    environment = await Environment.start({ apiServerFlags: ['--watch-cache-sizes=secrets#0'] });
    admin = restClientFor(environment.config);
    await admin.resource(namespaces).create({ metadata: { name: 'other' } });
  });
  afterEach(async () => {
    for (const namespace of sceneNamespaces) {
      await admin.resource(configMaps, namespace).deleteCollection();
      await admin.resource(secrets, namespace).deleteCollection();
    }
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  /** Informers that watch, with two objects in the cache of each. */
  async function watching(options: Omit<RealSceneOptions, 'admin'>): Promise<RealScenes> {
    const scenes = await RealScenes.start({ admin: environment.config, ...options });
    await scenes.each(async (scene) => {
      await scene.truth.set('a');
      await scene.until('a watch', () => scene.informer.health().state === 'watching');
      // Connections count from when they began, informers from the last sign of life: not the same moment.
      await scene.clock.advance(1000);
      await scene.truth.set('b');
      await scene.heal();
    });
    return scenes;
  }

  async function change({ truth }: RealScene): Promise<void> {
    await truth.set('a');
    await truth.delete('b');
    await truth.set('c');
  }

  test.each<ServerName>(['kube-apiserver', 'etcd'])('%s is killed and started anew', async (server) => {
    await using scenes = await watching({ resource: configMaps });
    await environment.kill(server);
    await scenes.each(({ clock }) => clock.advance(5000));
    await environment.restart(server);
    await scenes.each(async (scene) => {
      await change(scene);
      await scene.heal(`${server} killed`);
    });
  });

  test.each([
    ['secrets', secrets, 'what etcd has forgotten'],
    ['configmaps', configMaps, 'what a kube-apiserver that was started later never knew'],
  ] as const)('a watch of %s cannot go on', async (name, resource, why) => {
    await using scenes = await watching({ resource });
    await scenes.each((scene) => {
      scene.relay.goDown();
      return change(scene);
    });
    await compact(environment);
    if (name === 'configmaps') await environment.restart('kube-apiserver');
    await scenes.each(async (scene) => {
      scene.relay.goUp();
      await scene.heal(`missed ${why}`);
      expect(scene.informer.health().relists.expired).toBe(1);
    });
  });

  // Over HTTP/1.1 nothing else tells that a connection is dead. Over HTTP/2 there are pings, 30 to 60 seconds after the last sign
  // of life, and 15 to answer them.
  test.each([
    {
      http2: false,
      noticedBy: 'bookmarks that do not come',
      says: 'neither an event nor a bookmark came for 75000 ms',
    },
    { http2: true, noticedBy: 'pings that are not answered', says: 'no answer to a ping within 15000 ms' },
  ])('its connection is dead, which is noticed by $noticedBy', async ({ http2, noticedBy, says }) => {
    await using scenes = await watching({ resource: configMaps, http2 });
    await scenes.each(async (scene) => {
      const { informer, clock, relay } = scene;
      // A server that is slow to begin with has failed for one whose time goes by faster.
      const before = informer.health().failures.transient;
      expect(relay.fallSilent()).toBeGreaterThan(0);
      await change(scene);
      await clock.advance(40_000);
      expect(informer.health().failures.transient).toBe(before);
      await clock.advance(35_000);
      await scene.heal(`half-open for 75 s, noticed by ${noticedBy}`);
      expect(scene.errors[before]).toMatch(says);
    });
  });

  test('its CustomResourceDefinition is not there yet, is deleted, and is created with another schema', async () => {
    await using scenes = await RealScenes.start({ admin: environment.config, resource: gadgets('example.com') });
    await scenes.each((scene) => untilState(scene, 'resourceGone'));
    await environment.installCRDs([gadgetCRD]);
    await scenes.each(async (scene) => {
      await scene.truth.set('a');
      await scene.truth.set('b');
      await scene.heal('CustomResourceDefinition created');
    });

    await admin.resource(customResourceDefinitions).delete('gadgets.example.com');
    await scenes.each(async (scene) => {
      const { clock, informer, told } = scene;
      // Whatever comes first: kube-apiserver deletes them, and tells of that unless it has ended the watch.
      await scene.until('the resource and its objects to be gone', () => {
        return informer.health().state === 'resourceGone' && informer.indexer.size === 0;
      });
      await clock.advance(0);
      told.expectKnown([]);
    });

    const other = structuredClone(gadgetCRD);
    const schema = { type: 'object', properties: { spec: { type: 'string', default: 'small' } } };
    other.spec.versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
    await environment.installCRDs([other]);
    await scenes.each(async (scene) => {
      await scene.truth.set('b');
      await scene.truth.set('c');
      await scene.heal('CustomResourceDefinition replaced');
      const objects = scene.informer.indexer.list().map(wholeObject);
      expect(objects).toMatchObject([{ spec: 'small' }, { spec: 'small' }]);
    });
  });

  test('it may not read yet, may do so, may not any more, and may again', async () => {
    const bindings = admin.resource(clusterRoleBindings);
    const name = 'readers';
    const binding = {
      metadata: { name },
      roleRef: { apiGroup: Rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', apiGroup: Rbac, name: 'reader' }],
    };
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'] }];
    await admin.resource(clusterRoles).create({ metadata: { name }, rules });
    const reader = await environment.addUser({ name: 'reader' });
    await using scenes = await RealScenes.start({ admin: environment.config, reader, resource: configMaps });
    await scenes.each(async (scene) => {
      await untilState(scene, 'forbidden');
      expect(scene.informer.hasSynced()).toBe(false);
      await scene.truth.set('a');
      await scene.truth.set('b');
    });
    await bindings.create(binding);
    await scenes.each((scene) => scene.heal('right to read given'));

    await bindings.delete(name);
    await scenes.each(async (scene) => {
      const { informer, relay } = scene;
      // Who watches already may go on; who asks is refused, as soon as kube-apiserver has heard of it.
      await scene.until('a refusal', () => {
        if (informer.health().state === 'watching') relay.breakAll();
        return informer.health().state === 'forbidden';
      });
      const had = informer.indexer.listKeys().toSorted();
      await change(scene);
      const { forbidden } = informer.health().failures;
      await scene.until('more refusals', () => informer.health().failures.forbidden > forbidden + 2);
      expect(informer.indexer.listKeys().toSorted()).toEqual(had);
      expect(had).toHaveLength(2);
    });

    await bindings.create(binding);
    await scenes.each(async (scene) => {
      await scene.heal('right to read given back');
      expect(scene.informer.health().state).toBe('watching');
    });
  });
});

function untilState(scene: RealScene, state: HealthState): Promise<void> {
  return scene.until(`the state ${state}`, () => scene.informer.health().state === state);
}

/** Makes etcd forget all but its newest revision, as kube-apiserver does every five minutes. */
async function compact({ etcdUrl }: Environment): Promise<void> {
  const ask = async (path: string, body: object): Promise<{ header: { revision: string } }> => {
    const response = await fetch(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<{ header: { revision: string } }>;
  };
  const { revision } = (await ask('range', { key: 'AA==' })).header;
  await ask('compaction', { revision, physical: true });
}
