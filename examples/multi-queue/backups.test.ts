import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { metaNamespaceKey } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { Backups, type BackupsOptions } from './backups.js';
import { Exposition } from './exposition.js';

function configMap(namespace: string, name: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { a: '1' } };
}

interface Running extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly backups: Backups;
  readonly client: RestClient;
  readonly metrics: Exposition;
  /** What was saved: when, what, and why. */
  readonly saved: [ms: number, key: string, reasons: string][];
  readonly logged: string[];
}

/** With a place to save to that takes 100 ms. */
async function start(objects: readonly ConfigMap[], options: Partial<BackupsOptions> = {}): Promise<Running> {
  const clock = new FakeClock(0);
  const server = new ApiServer({ clock, objects });
  const metrics = new Exposition();
  const controller = new AbortController();
  const saved: Running['saved'] = [];
  const logged: string[] = [];
  const save = async (object: ConfigMap, reasons: readonly string[]): Promise<void> => {
    saved.push([clock.now(), metaNamespaceKey(object), reasons.join('+')]);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  };
  const log = (message: string): void => void logged.push(message);
  const backups = new Backups(server.config(), { save, clock, metrics, log, signal: controller.signal, ...options });
  const running = backups.run();
  await clock.advance(0);
  return {
    clock,
    backups,
    client: new RestClient(server.config(), clock),
    metrics,
    saved,
    logged,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await clock.advance(1000);
      await running;
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a namespace with many does not keep others waiting, and has one saved at a time', async () => {
  const many = Array.from({ length: 20 }, (_, number) => configMap('noisy', `n-${number}`));
  await using running = await start([...many, configMap('quiet', 'q')]);
  await running.clock.advance(350);
  expect(running.saved.map(([ms, key]) => [ms, key.split('/')[0]])).toEqual([
    [0, 'noisy'],
    [0, 'quiet'],
    [100, 'noisy'],
    [200, 'noisy'],
    [300, 'noisy'],
  ]);
});

test('what users change goes before what was there', async () => {
  const many = Array.from({ length: 20 }, (_, number) => configMap('team', `n-${number}`));
  await using running = await start(many);
  await running.client.resource(configMaps, 'team').create(configMap('team', 'new'));
  await running.clock.advance(150);
  expect(running.saved.map(([, key, reasons]) => [key, reasons])).toEqual([
    ['team/n-0', 'found'],
    ['team/new', 'created'],
  ]);
});

test('what was saved is noted, and saved again only when its data has changed', async () => {
  await using running = await start([configMap('team', 'a')]);
  const client = running.client.resource(configMaps, 'team');
  await running.clock.advance(1000);
  expect((await client.get('a')).metadata?.annotations).toHaveProperty(['backup.example.com/saved']);
  await client.patch('a', { type: 'merge', patch: { metadata: { labels: { x: 'y' } } } });
  await running.clock.advance(1000);
  expect(running.saved.length).toBe(1);
  await client.patch('a', { type: 'merge', patch: { data: { a: '2' } } });
  await running.clock.advance(1000);
  expect(running.saved.map(([, , reasons]) => reasons)).toEqual(['found', 'changed']);
});

test('what fails comes again, later each time, and tells why', async () => {
  const attempts: [number, string][] = [];
  const clock = new FakeClock(0);
  await using running = await start([configMap('team', 'a')], {
    clock,
    save: async (_, reasons) => {
      attempts.push([clock.now(), reasons.join('+')]);
      throw new Error('the disk is full');
    },
  });
  await clock.advance(20);
  expect(attempts).toEqual([
    [0, 'found'],
    [5, 'found+failed'],
    [15, 'found+failed'],
  ]);
  expect(running.logged[0]).toBe('save team/a: the disk is full');
});

test('an end finishes what is being saved, notes it, and tells what was left out', async () => {
  let running: Running | undefined;
  {
    await using started = await start(['a', 'b', 'c'].map((name) => configMap('team', name)));
    running = started;
  }
  expect(running.saved.map(([, key]) => key)).toEqual(['team/a']);
  expect(running.logged).toEqual([
    'left out at the end: save team/b (ready; found)',
    'left out at the end: save team/c (ready; found)',
  ]);
  expect(running.clock.pending).toBe(0);
});

test('one page shows caches and queues, and another what they hold', async () => {
  await using running = await start(['a', 'b'].map((name) => configMap('team', name)));
  await running.clock.advance(50);
  const page = running.metrics.toString().split('\n');
  for (const line of [
    '# TYPE workqueue_depth gauge',
    'workqueue_depth{name="save"} 1',
    'workqueue_depth{name="note"} 0',
    'workqueue_adds_total{name="save"} 2',
    'workqueue_longest_running_processor_seconds{name="save"} 0.05',
    'workqueue_queue_duration_seconds_count{name="save"} 1',
  ])
    expect(page).toContain(line);
  expect(page.some((line) => line.startsWith('informer_stored_items') && line.endsWith(' 2'))).toBe(true);
  expect(running.backups.snapshots()[0]).toEqual({
    name: 'save',
    shuttingDown: false,
    ready: [{ item: 'team/b', priority: -100, reasons: ['found'], waitingMs: 50 }],
    processing: [{ item: 'team/a', priority: -100, reasons: ['found'], runningMs: 50 }],
    delayed: [],
  });
});
