import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Event, events as coreV1Events, namespaces, type Pod, pods } from '@client-ts/api/core/v1';
import { events as seriesOf } from '@client-ts/api/events/v1';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { Environment } from '@client-ts/envtest';
import {
  coreEvents,
  eventSelector,
  EventBroadcaster,
  type EventBroadcasterOptions,
  type EventError,
  seriesEvents,
} from '@client-ts/events';
import { type Config, type Middleware, restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { Kubectl } from '../kubectl/kubectl.js';
import { ClientGoRecorder } from './client-go-recorder.js';
import { comparable, occurrences, untilEvents } from './stored-events.js';

const source = { component: 'recorder', host: 'host' };

describeReal('events on a real server', ['etcd', 'kubeApiserver', 'kubectl'], (binaries) => {
  let environment: Environment;
  let config: Config;
  beforeAll(async () => {
    environment = await Environment.start();
    config = { ...environment.config, userAgent: 'recorder' };
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  const newNamespace = async (): Promise<string> => {
    const { metadata } = await restClientFor(config)
      .resource(namespaces)
      .create({ metadata: { generateName: 'test-' } });
    return metadata?.name ?? '';
  };

  const newPod = (namespace: string): Promise<Pod> => {
    const spec = { containers: [{ name: 'main', image: 'any' }] };
    return restClientFor(config)
      .resource(pods, namespace)
      .create({ metadata: { name: 'web' }, spec });
  };

  /** What was told to `onError` is in `errors`. */
  const options = (more: EventBroadcasterOptions = {}): EventBroadcasterOptions & { errors: EventError[] } => {
    const errors: EventError[] = [];
    // A busy machine takes its time.
    return { closeTimeoutMs: 60_000, ...more, errors, onError: (error) => errors.push(error) };
  };

  test('an event arrives, its count grows, and similar ones are combined; kubectl shows them', async () => {
    const pod = await newPod(await newNamespace());
    const namespace = pod.metadata?.namespace ?? '';
    const opened = options();
    const broadcaster = new EventBroadcaster(coreEvents(), opened);
    broadcaster.recordTo(config);
    const recorder = broadcaster.recorder(source).for(pod);
    for (let i = 0; i < 3; i++) recorder.event('Warning', 'Counted', 'again, it is “broken”');
    for (let i = 0; i < 12; i++) recorder.event('Normal', 'Combined', `number ${i}`);
    await broadcaster[Symbol.asyncDispose]();
    expect(opened.errors).toEqual([]);
    expect(broadcaster.stats()).toMatchObject({ sent: 15, queued: 0 });

    const stored = await untilEvents(config, namespace, (events) => occurrences(events) === 15);
    const told = stored.map(({ reason, message, count }) => `${count} ${reason}: ${message}`);
    expect(told.toSorted()).toEqual(
      [
        '3 Counted: again, it is “broken”',
        ...Array.from({ length: 9 }, (_, i) => `1 Combined: number ${i}`),
        '3 Combined: (combined from similar events): number 11',
      ].toSorted(),
    );

    const fieldSelector = eventSelector(coreV1Events, { kind: 'Pod', name: 'web', uid: pod.metadata?.uid });
    const { items } = await restClientFor(config).resource(coreV1Events, namespace).list({ fieldSelector });
    expect(items).toHaveLength(stored.length);
    await using kubectl = await Kubectl.create(binaries.kubectl, await readFile(environment.kubeconfig, 'utf8'));
    const table = await kubectl.ok(['events', '-n', namespace, '--for', 'pod/web']);
    expect(table).toMatch(/\(x3 over .*\) +Warning +Counted +Pod\/web +again, it is “broken”/);
    expect(table).toMatch(/\(x3 over .*\) +Normal +Combined +Pod\/web +\(combined from similar events\): number 11/);
    const described = await kubectl.ok(['describe', 'pod', 'web', '-n', namespace]);
    expect(described).toMatch(/Warning +Counted +.*\(x3 over .*\) +recorder +again, it is “broken”/);
  });

  test('a series begins with the second event, and has all in the end; kubectl shows it', async () => {
    const pod = await newPod(await newNamespace());
    const namespace = pod.metadata?.namespace ?? '';
    const opened = options();
    const broadcaster = new EventBroadcaster(seriesEvents(), opened);
    broadcaster.recordTo(config);
    const recorder = broadcaster.recorder(source);
    const say = (): void =>
      recorder.event(pod, 'Warning', 'Failed', 'é'.repeat(600), { related: pod, action: 'Starting' });
    for (let count = 1; count <= 2; count++) {
      say();
      // The server shows an event before its answer has arrived.
      await broadcaster.flush();
      await untilEvents(config, namespace, (events) => occurrences(events) === count);
    }
    for (let i = 0; i < 5; i++) say();
    expect(broadcaster.stats()).toMatchObject({ merged: 5, queued: 1 });
    await broadcaster[Symbol.asyncDispose]();
    expect(opened.errors).toEqual([]);

    const { items } = await restClientFor(config).resource(seriesOf, namespace).list();
    expect(items).toMatchObject([
      {
        series: { count: 7 },
        note: `${'é'.repeat(510)}...`,
        regarding: { kind: 'Pod', name: 'web' },
        related: { kind: 'Pod', name: 'web' },
      },
    ]);
    await using kubectl = await Kubectl.create(binaries.kubectl, await readFile(environment.kubeconfig, 'utf8'));
    expect(await kubectl.ok(['events', '-n', namespace])).toMatch(/\(x7 over .*\) +Warning +Failed +Pod\/web +éé/);
  });

  test('reasons, actions, hosts and messages that are too long are taken, since they are cut', async () => {
    const pod = await newPod(await newNamespace());
    const opened = options();
    const broadcaster = new EventBroadcaster(seriesEvents(), opened);
    broadcaster.recordTo(config);
    const long = `\ud83d${'😀'.repeat(5000)}`;
    broadcaster.recorder({ ...source, host: long }).event(pod, 'Normal', long, long, { action: long });
    await broadcaster[Symbol.asyncDispose]();
    expect(opened.errors).toEqual([]);
    expect(broadcaster.stats()).toMatchObject({ sent: 1 });
  });

  test('a cluster-scoped object, and one whose name no event may have, have events in "default"', async () => {
    const opened = options();
    const broadcaster = new EventBroadcaster(coreEvents(), opened);
    broadcaster.recordTo(config);
    const recorder = broadcaster.recorder(source);
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:node' };
    recorder.event(role, 'Normal', 'Seen', 'a role');
    recorder.event({ apiVersion: 'v1', kind: 'Node', name: 'node-1' }, 'Normal', 'Seen', 'a node');
    await broadcaster[Symbol.asyncDispose]();
    expect(opened.errors).toEqual([]);
    expect(broadcaster.stats()).toMatchObject({ sent: 2 });
  });

  describe.each([
    ['core/v1', coreEvents],
    ['events.k8s.io/v1', seriesEvents],
  ] as const)('of %s', (_, api) => {
    const open = (
      more?: EventBroadcasterOptions,
    ): ReturnType<typeof options> & { broadcaster: EventBroadcaster<Event> } => {
      const opened = options(more);
      return { ...opened, broadcaster: new EventBroadcaster(api() as ReturnType<typeof coreEvents>, opened) };
    };

    test('who may not record events is told so, and which permission is missing', async () => {
      const pod = await newPod(await newNamespace());
      const { broadcaster, errors } = open();
      broadcaster.recordTo(await environment.addUser({ name: 'bob' }));
      broadcaster.recorder(source).event(pod, 'Normal', 'Started', 'a');
      await broadcaster[Symbol.asyncDispose]();
      expect(errors.map(({ failure }) => failure)).toEqual(['rejected']);
      expect(errors[0]?.message).toMatch(
        /^event Started of Pod test-\w+\/web was not written: .*User "bob" cannot create resource "events"/,
      );
    });

    test('a namespace that is being deleted refuses events, which is no news', async () => {
      const namespace = await newNamespace();
      const pod = await newPod(namespace);
      await restClientFor(config).resource(namespaces).delete(namespace);
      const { broadcaster, errors } = open();
      broadcaster.recordTo(config);
      broadcaster.recorder(source).event(pod, 'Normal', 'Started', 'a');
      await broadcaster[Symbol.asyncDispose]();
      expect(errors).toEqual([]);
      expect(broadcaster.stats()).toMatchObject({ rejected: 1, sent: 0 });
    });

    test('a namespace that is not there refuses events, which is news', async () => {
      const { broadcaster, errors } = open();
      broadcaster.recordTo(config);
      const nowhere = { apiVersion: 'v1', kind: 'Pod', namespace: 'nowhere', name: 'web' };
      broadcaster.recorder(source).event(nowhere, 'Normal', 'Started', 'a');
      await broadcaster[Symbol.asyncDispose]();
      expect(errors.map(({ failure }) => failure)).toEqual(['rejected']);
      expect(errors[0]?.message).toContain('namespaces "nowhere" not found');
    });

    test('events that wait while the server is away are written when it is back', async () => {
      const pod = await newPod(await newNamespace());
      const namespace = pod.metadata?.namespace ?? '';
      // Pauses are over when the test says so.
      const clock = new FakeClock(Date.now());
      const { broadcaster, errors } = open({ clock });
      let onFailure = (): void => {};
      const failures: Middleware = async (request, next) => {
        try {
          return await next(request);
        } catch (error) {
          onFailure();
          throw error;
        }
      };
      const nextFailure = (): Promise<'failure'> => new Promise((resolve) => (onFailure = () => resolve('failure')));
      broadcaster.recordTo({ ...config, middleware: [failures] });
      const recorder = broadcaster.recorder(source).for(pod);
      recorder.event('Normal', 'Before', 'a');
      await broadcaster.flush();
      await environment.kill('kube-apiserver');

      const failed = nextFailure();
      for (let i = 0; i < 4; i++) recorder.event('Normal', 'Before', 'a');
      recorder.event('Warning', 'Meanwhile', 'b');
      await failed;
      await environment.restart('kube-apiserver');
      const flushed = broadcaster.flush().then(() => 'flushed');
      for (let next = 'failure'; next === 'failure';) {
        const failed = nextFailure();
        await settle();
        await clock.advance(12_500);
        next = await Promise.race([failed, flushed]);
      }
      expect(errors).toEqual([]);
      const stored = await untilEvents(config, namespace, (events) => occurrences(events) === 6);
      const told = stored.map(({ reason, count, series }) => `${series?.count ?? count ?? 1} ${reason}`);
      expect(told.toSorted()).toEqual(['1 Meanwhile', '5 Before']);
      await broadcaster[Symbol.asyncDispose]();
    });
  });

  test('they are field by field those that client-go writes', async ({ skip }) => {
    const built = await ClientGoRecorder.build();
    if (typeof built === 'string') return skip(built);
    await using clientGo = built;
    const isDone = (events: readonly Event[]): boolean => occurrences(events) === 2 + 1 + 11 + 1 + 2;
    const theirs = await newNamespace();
    await newPod(theirs);
    const ours = await newNamespace();
    const pod = await newPod(ours);
    const recorded = untilEvents(config, theirs, isDone);
    await clientGo.record([environment.kubeconfig, theirs, 'web'], recorded);

    const core = new EventBroadcaster(coreEvents(), options());
    core.recordTo(config);
    const recorder = core.recorder(source).for(pod);
    for (let i = 0; i < 2; i++) recorder.event('Normal', 'Counted', 'again');
    recorder.event('Warning', 'Annotated', 'once', { annotations: { 'example.com/run': '12' } });
    for (const message of 'abcdefghijk') recorder.event('Normal', 'Combined', message);
    await core[Symbol.asyncDispose]();
    const series = new EventBroadcaster(seriesEvents(), options());
    series.recordTo(config);
    const newer = series.recorder({ component: 'recorder', host: hostname() }).for(pod);
    newer.event('Normal', 'Once', 'a note', { related: pod, action: 'Testing' });
    for (let i = 0; i < 2; i++) {
      newer.event('Warning', 'Twice', 'another note', { action: 'Testing' });
      // A series that begins before its event is written is created as a whole.
      await series.flush();
    }
    await series[Symbol.asyncDispose]();

    const inOrder = (events: readonly Event[]): unknown[] =>
      events
        .toSorted((a, b) => `${a.reason} ${a.message}`.localeCompare(`${b.reason} ${b.message}`))
        .map((event) => comparable(event));
    expect(inOrder(await untilEvents(config, ours, isDone))).toEqual(inOrder(await recorded));
  });
});
