import type { KubernetesObject, ListOrigin, ListerWatcher } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { Reflector } from './reflector.js';
import { named, RecordingStore, run, type Running } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

/** Longer than initial events are waited for. */
const PatienceMs = 35_000;

/** A reflector of a source that ignores the request for initial events, and sends a change instead. */
function start(origin: ListOrigin | undefined): Running {
  const source = new FakeSource();
  source.set(named('a'));
  source.watchList = false;
  const through = (inner: FakeSource): ListerWatcher<KubernetesObject> => ({
    list: (options) => inner.list(options),
    watch: (options) => inner.watch(options),
    origin,
  });
  return run({ source, through, watchList: true });
}

async function requestsOf(running: Running): Promise<string> {
  await running.clock.advance(1000);
  running.source.set(named('a'));
  await running.clock.advance(PatienceMs);
  const requests = running.requests().map((request) => request.split(' ')[0]);
  running.stop.abort();
  await running.ended;
  return requests.join(' ');
}

test('what one reflector finds out about a server and a resource, the next one knows', async () => {
  const server = {};
  const origin = { server, resource: 'v1/pods' };
  const first = start(origin);
  expect(first.reflector.health().mode).toBe('watchList');
  expect(await requestsOf(first)).toBe('watchList list watch');
  const second = start(origin);
  expect(second.reflector.health().mode).toBe('list');
  expect(await requestsOf(second)).toBe('list watch');
});

test('one that was made before, and runs later, knows it, too', async () => {
  const origin = { server: {}, resource: 'v1/pods' };
  const source = new FakeSource();
  const asking = { list: source.list.bind(source), watch: source.watch.bind(source), origin };
  const made = new Reflector(asking, new RecordingStore());
  expect(made.state.name).toBe('watchList');
  await requestsOf(start(origin));
  const stop = new AbortController();
  const ended = made.run({ signal: stop.signal });
  expect([made.state.name, made.health().mode]).toEqual(['list', 'list']);
  stop.abort();
  await ended;
});

test.each<[string, ListOrigin | undefined]>([
  ['another resource', { server: {}, resource: 'v1/secrets' }],
  ['nobody knows what', undefined],
])('of %s it is found out anew', async (_, origin) => {
  const server = origin?.server ?? {};
  expect(await requestsOf(start({ server, resource: 'v1/pods' }))).toBe('watchList list watch');
  expect(await requestsOf(start(origin))).toBe('watchList list watch');
  expect(await requestsOf(start(origin && { ...origin, server: {} }))).toBe('watchList list watch');
});
