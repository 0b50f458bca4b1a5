import { type ConfigMap, type Secret, secrets } from '@client-ts/api/core/v1';
import { newControllerRef, type Patch } from '@client-ts/apimachinery';
import { type ResourceClient, RestClient } from '@client-ts/rest';
import { FaultInjector, type RequestMatcher, watches } from '@client-ts/testing';
import { configMaps } from '@client-ts/api/core/v1';
import { SharedInformerFactory } from '@client-ts/informers';
import { describe, expect, test } from 'vitest';
import { controllerUid } from './controller-uid.js';
import { deferred, Loop } from './loop.test.kit.js';
import { owned } from './owned.js';
import { ReadYourWrites } from './read-your-writes.js';

/** A controller that gives each ConfigMap a Secret, by a name that nobody can guess: nothing but a cache says that it is there. */
async function givesSecrets(loop: Loop, whenCached: (faults: FaultInjector) => void) {
  const faults = new FaultInjector(loop.server.transport);
  const config = { ...loop.server.config(), transport: faults };
  await using factory = new SharedInformerFactory(config, { clock: loop.clock, onError: () => {} });
  const client = new RestClient(config, loop.clock);
  const informer = factory.informer(secrets);
  const children = new ReadYourWrites<Secret, ResourceClient<Secret, unknown>, 'owner'>(
    informer,
    (namespace) => client.resource(secrets, namespace),
    { indexers: { owner: controllerUid } },
  );
  await loop.create('a');
  factory.start();
  await loop.clock.advance(0);
  faults.cut('silence', watches);
  whenCached(faults);

  let reconciles = 0;
  await loop.run({
    sources: [owned(children, configMaps)],
    reconcile: async ({ namespace }, { object }) => {
      reconciles++;
      const { uid = '' } = object?.metadata ?? {};
      if (object && children.indexer.byIndex('owner', uid).length === 0)
        await children.client(namespace).create({
          metadata: { generateName: 'child-', ownerReferences: [newControllerRef(object, configMaps)] },
        });
    },
  });
  for (let turn = 0; turn < 5; turn++) {
    await loop.touch('a');
    await loop.clock.advance(1000);
  }
  expect(informer.indexer.size).toBe(0);
  expect((await client.resource(secrets, 'default').list()).items).toHaveLength(1);
  return reconciles;
}

const creations: RequestMatcher = ({ method }) => method === 'POST';

test('what a reconcile has created the next one sees, however late the watch is', async () => {
  await using loop = new Loop();
  expect(await givesSecrets(loop, () => {})).toBe(6);
  expect(loop.errors).toEqual([]);
});

test('also when the creation was not answered, and nobody could be asked for a while', async () => {
  await using loop = new Loop();
  await givesSecrets(loop, (faults) => {
    faults.inject({ kind: 'truncate', bytes: 0, end: 'reset' }, { matches: creations });
    faults.inject({ kind: 'error', failure: 'connect' }, { times: 2 });
  });
  const told = 'a creation before this one was not answered';
  expect(loop.errors.map((error) => error.includes(told))).toEqual([false, false, false, true]);
});

test('a creation that was refused leaves no doubt', async () => {
  await using loop = new Loop();
  await givesSecrets(loop, (faults) => {
    faults.inject({ kind: 'status', status: 403 }, { matches: creations, times: 2 });
  });
  expect(loop.errors).toHaveLength(2);
});

/** Writes to the object that is reconciled. */
type Write = (client: ResourceClient<ConfigMap, unknown>, object: ConfigMap) => Promise<unknown>;

const data = { by: 'me' };
const patched = (resourceVersion?: string): Patch => ({
  type: 'merge',
  patch: { metadata: { resourceVersion }, data },
});

describe('changes of its own are left out', () => {
  test.each<[what: string, write: Write, reconciles: number]>([
    ['an update under a version', (client, object) => client.update({ ...object, data }), 1],
    ['a patch under a version', (client, { metadata }) => client.patch('a', patched(metadata?.resourceVersion)), 1],
    [
      'a JSON patch that tests the version',
      (client, { metadata }) => {
        const value = metadata?.resourceVersion;
        const test = { op: 'test', path: '/metadata/resourceVersion', value } as const;
        return client.patch('a', { type: 'json', ops: [test, { op: 'add', path: '/data', value: data }] });
      },
      1,
    ],
    [
      'two, one after the other',
      async (client, object) =>
        client.update({ ...(await client.update({ ...object, data })), data: { by: 'me again' } }),
      1,
    ],
    ['an update whatever there was', (client) => client.update({ metadata: { name: 'a' }, data }), 2],
    ['a patch whatever there was', (client) => client.patch('a', patched()), 2],
    ['one that changes nothing', async (client, object) => client.update(await client.update({ ...object, data })), 1],
  ])('%s', async (_, write, reconciles) => {
    await using loop = new Loop();
    await loop.create('a');
    const client = new RestClient(loop.server.config(), loop.clock);
    const mine = new ReadYourWrites(loop.primary, (namespace) => client.resource(configMaps, namespace));
    let seen = 0;
    await loop.run({
      primary: mine,
      dropOwn: true,
      reconcile: async ({ namespace }, { object }) => {
        if (seen++ === 0 && object) await write(mine.client(namespace), object);
      },
    });
    await loop.clock.advance(0);
    expect([seen, loop.errors]).toEqual([reconciles, []]);
    await loop.touch('a');
    expect(seen).toBe(reconciles + 1);
  });

  test('but not what somebody else did while it was written', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const client = new RestClient(loop.server.config(), loop.clock);
    const mine = new ReadYourWrites(loop.primary, (namespace) => client.resource(configMaps, namespace));
    const seen: unknown[] = [];
    const [isReading, hasChanged] = [deferred(), deferred()];
    await loop.run({
      primary: mine,
      dropOwn: true,
      reconcile: async ({ namespace }, { object }) => {
        seen.push(object?.data?.['user']);
        if (seen.length > 1) return;
        isReading.resolve();
        await hasChanged.promise;
        await mine.client(namespace).patch('a', { type: 'merge', patch: { data } });
      },
    });
    await isReading.promise;
    await loop.client.patch('a', { type: 'merge', patch: { data: { user: 'x' } } });
    hasChanged.resolve();
    await loop.clock.advance(0);
    expect(seen.at(-1)).toBe('x');
  });

  test('also when the watch is faster than the answer', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const answer = deferred();
    const slow = new RestClient(
      {
        ...loop.server.config(),
        middleware: [
          async (request, next) => {
            const response = await next(request);
            if (request.method === 'PUT') await answer.promise;
            return response;
          },
        ],
      },
      loop.clock,
    );
    const mine = new ReadYourWrites(loop.primary, (namespace) => slow.resource(configMaps, namespace));
    let seen = 0;
    const controller = await loop.run({
      primary: mine,
      dropOwn: true,
      reconcile: async ({ namespace }, { object }) => {
        if (seen++ === 0 && object) await mine.client(namespace).update({ ...object, data });
      },
    });
    expect(loop.primary.indexer.getByKey('default/a')?.data).toEqual(data);
    expect(controller.snapshot().processing[0]).not.toHaveProperty('again');
    answer.resolve();
    await loop.clock.advance(0);
    expect([seen, loop.errors]).toEqual([1, []]);
  });

  test('which needs to know what was written', async () => {
    await using loop = new Loop();
    expect(() => loop.controller({ dropOwn: true, reconcile: () => {} })).toThrow(
      'configmaps: dropOwn: expected a ReadYourWrites',
    );
  });
});
