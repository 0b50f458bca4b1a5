import type { ListerWatcher, KubernetesObject } from '@client-ts/apimachinery';
import { newInternalError, newTooManyRequests } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { named, run, type RunOptions, type Running } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

function silentSource(): FakeSource {
  const source = new FakeSource();
  source.silent = true;
  return source;
}

function refusingSource(): FakeSource {
  const source = new FakeSource();
  source.failLists(newInternalError('x'));
  return source;
}

/** Lists come in pages, and the second is never answered. */
function pagesThatHang(source: FakeSource): ListerWatcher<KubernetesObject> {
  return {
    watch: (options) => source.watch(options),
    list: async (options = {}) => {
      source.silent = options.continue !== undefined;
      const { items } = await source.list(options);
      return { metadata: { resourceVersion: '1', continue: 'more' }, items };
    },
  };
}

interface Phase {
  readonly when: string;
  readonly options?: RunOptions;
  /** What happens until it is stopped. */
  readonly act?: (running: Running) => Promise<void>;
}

test.each<Phase>([
  { when: 'during a list', options: { source: silentSource() } },
  { when: 'between two pages of a list', options: { through: pagesThatHang } },
  { when: 'during initial events', options: { watchList: true, source: silentSource() } },
  { when: 'during a watch' },
  { when: 'during a watch that began with initial events', options: { watchList: true } },
  {
    when: 'before a watch is answered',
    act: async ({ source, clock }) => {
      await clock.advance(2000);
      source.silent = true;
      source.closeWatches();
    },
  },
  { when: 'during a pause after a list', options: { source: refusingSource() } },
  {
    when: 'during a pause after a watch',
    act: async ({ source }) => {
      source.failWatches(newTooManyRequests('x', 60));
      source.set(named('a'));
      await settle();
      source.closeWatches();
    },
  },
])('$when it ends at once, says nothing, asks for nothing and leaves nothing', async ({ options, act }) => {
  const running = run(options);
  const { source, clock, stop, ended, errors, requests, store } = running;
  await settle();
  await act?.(running);
  await settle();
  errors.length = 0;
  store.calls.length = 0;
  requests();
  stop.abort(new Error('stop'));
  await ended;
  source.silent = false;
  source.set(named('late'));
  await clock.advance(600_000);
  expect({ errors, requests: requests(), calls: store.calls }).toEqual({ errors: [], requests: [], calls: [] });
  expect([clock.pending, stop.listeners, source.openWatches]).toEqual([0, 0, 0]);
});

test('one that is stopped before it runs asks for nothing', async () => {
  const { reflector, requests } = run();
  requests();
  await reflector.run({ signal: AbortSignal.abort() });
  expect(requests()).toEqual([]);
});
