import { events } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type Config, restClientFor } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { coreEvents } from './core-events.js';
import { EventBroadcaster } from './event-broadcaster.js';
import type { ObjectReference } from './object-reference.js';

const pod: ObjectReference = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' };

test('a config is a sink: events are created and counted up by its client', async () => {
  await using server = new ApiServer();
  const config = server.config();
  await using broadcaster = new EventBroadcaster(coreEvents());
  broadcaster.recordTo(config);
  for (let i = 0; i < 2; i++) broadcaster.recorder({ component: 'test' }).event(pod, 'Normal', 'Started', 'a');
  await broadcaster.flush();
  expect(broadcaster.stats()).toMatchObject({ sent: 2 });
  const { items } = await restClientFor(config).resource(events, 'default').list();
  expect(items).toMatchObject([{ count: 2, message: 'a' }]);
});

test('a server that says nothing has 30 s for each try', async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const asked: string[] = [];
  const config: Config = {
    host: 'http://silent.example',
    transport: {
      request({ method, url, signal }) {
        asked.push(`${method} ${url.pathname} after ${(clock.now() - start) / 1000} s`);
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  };
  const errors: string[] = [];
  const broadcaster = new EventBroadcaster(coreEvents(), { clock, onError: ({ message }) => errors.push(message) });
  broadcaster.recordTo(config);
  clock.random = () => 0.5;
  broadcaster.recorder({ component: 'test' }).event(pod, 'Normal', 'Started', 'a');
  await clock.advance(75_000);
  const path = '/api/v1/namespaces/default/events';
  expect(asked).toEqual([`POST ${path} after 0 s`, `POST ${path} after 35 s`, `POST ${path} after 75 s`]);
  const closed = broadcaster[Symbol.asyncDispose]();
  await clock.advance(5000);
  await closed;
  expect(errors).toEqual(['there was no time for all events: 0 that waited are lost']);
  expect(broadcaster.stats()).toMatchObject({ dropped: 1, queued: 0 });
  expect(clock.pending).toBe(0);
});
