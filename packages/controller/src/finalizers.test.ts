import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { isConflict, isInvalid } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { type ResourceClient, RestClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizers.js';

const Mine = 'example.com/mine';

async function inServer(
  finalizers: string[] | undefined,
  run: (client: ResourceClient<ConfigMap, unknown>, object: ConfigMap) => Promise<void>,
): Promise<void> {
  const server = new ApiServer();
  try {
    const client = new RestClient(server.config()).resource(configMaps, 'default');
    await run(client, await client.create({ metadata: { name: 'a', ...(finalizers ? { finalizers } : {}) } }));
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe.each(['version', 'list'] as const)('under a lock of the %s', (lock) => {
  test.each([[undefined], [['example.com/other']]])('is added to %s, and removed', (before) =>
    inServer(before, async (client, object) => {
      const added = await addFinalizer(client, object, Mine, { lock });
      expect(added.metadata?.finalizers).toEqual([...(before ?? []), Mine]);
      expect(hasFinalizer(added, Mine)).toBe(true);
      const again = await addFinalizer(client, added, Mine, { lock });
      expect(again).toBe(added);
      const removed = await removeFinalizer(client, added, Mine, { lock });
      expect(removed?.metadata?.finalizers ?? []).toEqual(before ?? []);
      expect(await removeFinalizer(client, removed!, Mine, { lock })).toBe(removed);
    }),
  );

  test('loses none of others', () =>
    inServer(['example.com/other'], async (client, object) => {
      await addFinalizer(client, object, 'example.com/third', { lock });
      const refused = await addFinalizer(client, object, Mine, { lock }).catch((error: unknown) => error);
      expect(lock === 'version' ? isConflict(refused) : isInvalid(refused)).toBe(true);
      expect((await client.get('a')).metadata?.finalizers).toEqual(['example.com/other', 'example.com/third']);
    }));

  test('the last one lets the object go; that it has gone is well', () =>
    inServer([Mine], async (client, object) => {
      await client.delete('a');
      const going = await client.get('a');
      const seen = lock === 'version' ? going : object;
      await removeFinalizer(client, seen, Mine, { lock });
      expect((await client.list()).items).toEqual([]);
      expect(await removeFinalizer(client, seen, Mine, { lock })).toBeUndefined();
    }));
});

test('other changes are no conflict with a lock of the list', () =>
  inServer([Mine], async (client, object) => {
    await client.patch('a', { type: 'merge', patch: { data: { a: 'b' } } });
    const added = await addFinalizer(client, object, 'example.com/third', { lock: 'list' });
    expect(added).toMatchObject({ metadata: { finalizers: [Mine, 'example.com/third'] }, data: { a: 'b' } });
  }));

test('two that add the first one at once do not lose each other’s', () =>
  inServer(undefined, async (client, object) => {
    const ends = await Promise.allSettled(
      ['example.com/one', 'example.com/two'].map((name) => addFinalizer(client, object, name, { lock: 'list' })),
    );
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  }));

test('an object that was not read is refused', async () => {
  const client = { patch: () => Promise.reject(new Error('sent')) };
  await expect(addFinalizer(client, { metadata: { name: 'a' } }, Mine)).rejects.toThrow(
    'a: metadata.resourceVersion: expected an object that was read',
  );
});
