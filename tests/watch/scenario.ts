import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { Clock, ListerWatcher, WatchOptions } from '@client-ts/apimachinery';
import { RestClient, type Config } from '@client-ts/rest';
import { RetryWatcher, until, untilWithSync } from '@client-ts/watch';

/** Where the scenario takes place. */
export interface Place {
  readonly config: Config;
  readonly clock: Clock;
  /** Lets time pass, where it does not by itself. */
  readonly pass?: () => Promise<void>;
}

/**
 * Watches and waits on a server that ends every watch after a second, while objects come and go. Resolves with what was seen:
 * the same on every server.
 */
export async function watchScenario({ config, clock, pass }: Place): Promise<unknown> {
  const client = new RestClient(config, clock).resource(configMaps, 'default');
  let changed: (() => void) | undefined;
  const waitUntil = async (what: () => boolean): Promise<void> => {
    while (!what()) await (pass ? pass() : new Promise<void>((resolve) => (changed = resolve)));
  };
  let requests = 0;
  const source: ListerWatcher<ConfigMap> = {
    list: (options) => client.list(options),
    watch: (options?: WatchOptions) => {
      requests++;
      changed?.();
      return client.watch({ ...options, timeoutSeconds: 1 });
    },
  };
  const { metadata } = await client.list();
  const resourceVersion = metadata.resourceVersion ?? '';
  const seen: string[] = [];
  const watcher = new RetryWatcher(source, { resourceVersion, clock, labelSelector: 'scenario=watch' });
  const reading = (async () => {
    for await (const { type, object } of watcher) {
      seen.push(`${type} ${object.metadata?.name}`);
      changed?.();
      if (seen.length === 4) return;
    }
  })();

  const labels = { scenario: 'watch' };
  await client.create({ metadata: { name: 'a', labels } });
  await waitUntil(() => seen.length === 1 && requests >= 2);
  await client.create({ metadata: { name: 'unseen' } });
  await client.create({ metadata: { name: 'b', labels } });
  await waitUntil(() => seen.length === 2 && requests >= 3);
  await client.patch('b', { type: 'merge', patch: { data: { ready: 'yes' } } });
  await client.delete('a');
  await waitUntil(() => seen.length === 4);
  await reading;

  const ready = await until(source, ({ object }) => object.data?.['ready'] === 'yes', { resourceVersion, clock });
  const precondition = await untilWithSync(source, () => false, {
    clock,
    precondition: (indexer) => indexer.getByKey('default/a') === undefined,
  });
  const names = new Set<string | undefined>();
  const deleting = untilWithSync(
    source,
    ({ type, object }) => {
      names.add(object.metadata?.name);
      changed?.();
      return type === 'DELETED';
    },
    { clock },
  );
  await waitUntil(() => names.has('b') && names.has('unseen'));
  await client.delete('b');
  await pass?.();
  const deleted = await deleting;
  await client.delete('unseen');
  return { seen, ready: ready?.object.metadata?.name, precondition, deleted: deleted?.object.metadata?.name };
}

/** What is seen. */
export const expectedOfScenario = {
  seen: ['ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED a'],
  ready: 'b',
  precondition: undefined,
  deleted: 'b',
};
