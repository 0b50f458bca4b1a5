import { type CustomResourceDefinition, customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';
import { newForbidden } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type CacheError, type HealthState, SharedIndexInformer } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { type QueueName, queues } from './scene-informer.js';

interface Gadget extends KubernetesObject {
  spec?: { size?: number };
}

const gadgets = defineResource<Gadget>()({
  group: 'example.com',
  version: 'v1',
  resource: 'gadgets',
  kind: 'Gadget',
  scope: 'Cluster',
});

const definition: CustomResourceDefinition = {
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};

/** Longest pause after failures, with what chance adds to it. */
const LongestPauseMs = 60_000;

/** An informer of gadgets on a server, and those who may take the gadgets away. */
class Setting implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly server: ApiServer = new ApiServer({ clock: this.clock });
  readonly informer: SharedIndexInformer<Gadget>;
  readonly states: HealthState[] = [];
  readonly told: string[] = [];
  readonly errors: CacheError[] = [];
  readonly #client = new RestClient(this.server.config(), this.clock);
  readonly #stop = new AbortController();
  #forbidden = false;
  #running: Promise<void> | undefined;

  constructor(queue: QueueName, watchList: boolean) {
    this.informer = new SharedIndexInformer<Gadget>(this.#client.resource(gadgets), {
      clock: this.clock,
      watchList,
      newQueue: queues[queue],
      onError: (error) => this.errors.push(error),
      onHealth: ({ state }) => state === this.states.at(-1) || this.states.push(state),
    });
    this.informer.addEventHandler({
      onAdd: ({ metadata }) => this.told.push(`add ${metadata?.name}`),
      onDelete: ({ key, finalStateUnknown }) => this.told.push(`delete ${key}${finalStateUnknown ? ' unseen' : ''}`),
    });
    // Whoever writes is an administrator; who lists or watches gadgets is the informer.
    this.server.intercept(({ verb, resource }) => {
      const { resource: name } = resource;
      if (this.#forbidden && name === 'gadgets' && (verb === 'list' || verb === 'watch'))
        throw newForbidden({ group: 'example.com', resource: 'gadgets' }, '', 'not you');
    });
  }

  start(): void {
    this.#running = this.informer.run({ signal: this.#stop.signal });
  }

  async install(): Promise<void> {
    await this.#client.resource(customResourceDefinitions).create(definition);
    await this.clock.advance(0);
  }

  async remove(): Promise<void> {
    await this.#client.resource(customResourceDefinitions).delete('gadgets.example.com');
    await this.clock.advance(0);
  }

  async create(name: string): Promise<void> {
    await this.#client.resource(gadgets).create({ metadata: { name }, spec: { size: 1 } });
  }

  /** Takes the right to read away, and ends what is being read by it; or gives it back. */
  forbid(forbidden: boolean): void {
    this.#forbidden = forbidden;
    if (forbidden) this.server.closeWatches('eof');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.server[Symbol.asyncDispose]();
    expect(this.clock.pending, 'timers').toBe(0);
  }
}

const combinations = (Object.keys(queues) as QueueName[]).flatMap((queue) =>
  [true, false].map((watchList) => [queue, watchList] as const),
);

describe.each(combinations)('an informer on %s, with initial events %s,', (queue, watchList) => {
  test('waits for a CustomResourceDefinition that is not there yet', async () => {
    await using setting = new Setting(queue, watchList);
    const { informer, clock, told, states } = setting;
    setting.start();
    await clock.advance(5 * 60_000);
    expect(informer.health()).toMatchObject({ state: 'resourceGone', synced: false });
    expect(informer.health().failures.resourceGone).toBeGreaterThan(3);
    await setting.install();
    await setting.create('a');
    await clock.advance(LongestPauseMs);
    expect(informer.health()).toMatchObject({ state: 'watching', synced: true });
    expect(told).toEqual(['add a']);
    await setting.create('b');
    await clock.advance(0);
    expect(told).toEqual(['add a', 'add b']);
    expect(states).toEqual(['syncing', 'resourceGone', 'watching']);
  });

  test('tells that all objects are gone when the CustomResourceDefinition is removed, and of new ones when it is back', async () => {
    await using setting = new Setting(queue, watchList);
    const { informer, clock, told } = setting;
    await setting.install();
    await setting.create('a');
    await setting.create('b');
    setting.start();
    await clock.advance(5000);
    expect(told.splice(0)).toEqual(['add a', 'add b']);

    await setting.remove();
    await clock.advance(LongestPauseMs);
    expect(
      told
        .splice(0)
        .map((what) => what.replace(' unseen', ''))
        .toSorted(),
    ).toEqual(['delete a', 'delete b']);
    expect([informer.indexer.size, informer.lastSyncResourceVersion()]).toEqual([0, '']);
    expect(informer.health()).toMatchObject({ state: 'resourceGone', synced: true });

    await setting.install();
    await setting.create('b');
    await clock.advance(LongestPauseMs);
    expect(told.splice(0)).toEqual(['add b']);
    expect(informer.health().state).toBe('watching');
    await setting.create('c');
    await clock.advance(0);
    expect(told).toEqual(['add c']);
  });

  test('keeps what it had while it may not read, and goes on when it may again', async () => {
    await using setting = new Setting(queue, watchList);
    const { informer, clock, told } = setting;
    await setting.install();
    await setting.create('a');
    setting.start();
    await clock.advance(5000);
    setting.forbid(true);
    await setting.create('b');
    await clock.advance(5 * 60_000);
    expect(informer.health()).toMatchObject({ state: 'forbidden', synced: true });
    expect(informer.indexer.listKeys()).toEqual(['a']);
    setting.forbid(false);
    await clock.advance(LongestPauseMs + 10_000);
    expect(informer.health().state).toBe('watching');
    expect(told).toEqual(['add a', 'add b']);
  });
});
