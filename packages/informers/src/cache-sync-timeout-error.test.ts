import { configMaps, namespaces, secrets } from '@client-ts/api/core/v1';
import { newForbidden } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { expect, test, vi } from 'vitest';
import { CacheSyncTimeoutError } from './cache-sync-timeout-error.js';
import { SharedInformerFactory } from './shared-informer-factory.js';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } };

test('caches that do not sync in time are named, with what holds them up', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock, objects: [configMap] });
  server.intercept(({ resource: { resource } }) => {
    if (resource === 'secrets') throw newForbidden({ group: '', resource }, '', 'not you');
  });
  await using factory = new SharedInformerFactory(server.config(), {
    clock,
    name: 'mine',
    onError: () => undefined,
  });
  let goOn = (): void => undefined;
  const slow = new Promise<void>((resolve) => (goOn = resolve));
  factory.informer(configMaps).addEventHandler({ onAdd: () => slow });
  factory.informer(namespaces);
  factory.informer(secrets);
  factory.start();
  let failure: unknown;
  const waiting = factory.waitForCacheSync({ timeoutMs: 5000 }).catch((error: unknown) => (failure = error));
  await clock.advance(4999);
  expect(failure).toBeUndefined();
  await clock.advance(1);
  await waiting;
  expect(failure).toBeInstanceOf(CacheSyncTimeoutError);
  expect(failure).toMatchObject({
    message:
      'the caches have not synced within 5000 ms: ' +
      'mine/configmaps (its handlers have not been told of all), mine/secrets (forbidden)',
    late: ['mine/configmaps', 'mine/secrets'],
  });
  goOn();
});

test('caches that sync in time leave neither a timer nor a listener behind', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock, objects: [configMap] });
  await using factory = new SharedInformerFactory(server.config(), { clock });
  factory.informer(configMaps);
  factory.start();
  await factory.waitForCacheSync();
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
  const before = clock.pending;
  await factory.waitForCacheSync({ signal, timeoutMs: 5000 });
  expect(clock.pending).toBe(before);
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1]);
});
