import { getEventListeners } from 'node:events';
import { setTimeout as realTime } from 'node:timers/promises';
import { configMaps } from '@client-ts/api/core/v1';
import { newInternalError, newResourceExpired } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { SharedIndexInformer } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { FaultInjector, watches } from '@client-ts/testing';
import { newTransport } from '@client-ts/transport';
import { errorEvent, refused } from '../tests/informers/made-up-answers.js';
import { heldResources, type HeldResources } from './held-resources.js';

/** How much more is held after many reconnects than after the first half of them, in which code was still being compiled. */
export interface ReconnectGrowth extends HeldResources {
  /** On the signal that the informer was run with. */
  readonly abortListeners: number;
  /** Of virtual time. */
  readonly pendingTimers: number;
  /** That have neither ended nor been left. */
  readonly openResponses: number;
}

/** A turn of virtual time in which a watch is waited for: silence is noticed within ten minutes where no bookmarks come. */
const TurnMs = 3000;
const Patience = 3000;

/**
 * Lets the watch of an informer end so many times, in all the ways in which watches end, on sockets of loopback. Time is
 * virtual. Rejects when it does not watch again.
 */
export async function reconnect(times: number): Promise<ReconnectGrowth> {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  await using listener = await listen(server);
  await using sockets = newTransport();
  const faults = new FaultInjector(sockets);
  const source = new RestClient({ host: listener.url, transport: faults }, clock).resource(configMaps, 'default');
  const writer = new RestClient(server.config(), clock).resource(configMaps, 'default');
  await writer.create({ metadata: { name: 'a' } });
  const informer = new SharedIndexInformer(source, { clock, onError: () => undefined });
  const stop = new AbortController();
  const running = informer.run({ signal: stop.signal });

  let version = '';
  const ends: readonly (() => unknown)[] = [
    () => faults.cut('eof'),
    () => faults.cut('reset'),
    () => server.closeWatches('eof'),
    () => server.closeWatches('expired'),
    () => faults.cut('silence'),
    () => faults.inject(refused(newInternalError('x')), { matches: watches }) && faults.cut('eof'),
    () => faults.inject(errorEvent(newResourceExpired('x')), { matches: watches }) && faults.cut('eof'),
    () => faults.inject({ kind: 'error', failure: 'connect' }, { matches: watches }) && faults.cut('reset'),
  ];
  /** Until what was written last has come over the watch. */
  const caughtUp = async (): Promise<void> => {
    for (let turn = 0; informer.indexer.getByKey('default/a')?.metadata?.resourceVersion !== version; turn++) {
      if (turn === Patience) throw new Error(`no watch in sight: ${JSON.stringify(informer.health())}`);
      await clock.advance(TurnMs);
      // Sockets have their own time.
      if (faults.openResponses(watches) === 0) await realTime(1);
    }
  };
  const held = async (): Promise<ReconnectGrowth> => ({
    ...(await heldResources()),
    abortListeners: getEventListeners(stop.signal, 'abort').length,
    pendingTimers: clock.pending,
    openResponses: faults.openResponses(),
  });
  const write = async (): Promise<void> => {
    const patch = { metadata: { labels: { at: String(clock.now()) } } };
    const { metadata } = await writer.patch('a', { type: 'merge', patch });
    version = metadata?.resourceVersion ?? '';
  };
  const warmUp = Math.floor(times / 2);
  let before: ReconnectGrowth | undefined;
  try {
    await write();
    await caughtUp();
    for (let time = 0; time < times; time++) {
      if (time === warmUp) before = await held();
      ends[time % ends.length]?.();
      await write();
      await caughtUp();
      // What the server remembers is not what the informer leaves behind.
      if (time % 100 === 0) {
        server.compact();
        server.clearActions();
      }
    }
    return growth(before ?? (await held()), await held());
  } finally {
    stop.abort();
    await running;
  }
}

function growth(before: ReconnectGrowth, after: ReconnectGrowth): ReconnectGrowth {
  return {
    heapBytes: after.heapBytes - before.heapBytes,
    sockets: after.sockets - before.sockets,
    timers: after.timers - before.timers,
    abortListeners: after.abortListeners - before.abortListeners,
    pendingTimers: after.pendingTimers - before.pendingTimers,
    openResponses: after.openResponses - before.openResponses,
  };
}
