import {
  newForbidden,
  newGone,
  newInternalError,
  newResourceExpired,
  newTooManyRequests,
} from '@client-ts/apimachinery/errors';
import type { TransportFailure, TransportRequest } from '@client-ts/rest';
import type { Fault } from '@client-ts/testing';
import { describe, expect, test } from 'vitest';
import { broken, busyFor, errorEvent, loginPage, refused } from './made-up-answers.js';
import { type Purpose, purposeOf } from './purpose.js';
import { Scene } from './scene.js';
import { type QueueName, queues } from './scene-informer.js';

/**
 * What can happen to an informer, and what comes of it. After each of these the cache is what the server has, handlers have
 * been told so in a history that can have happened, and the next change arrives: nothing ends an informer but its signal.
 */
type Row = readonly [
  what: string,
  /** Makes it happen. Meanwhile objects are created, changed and deleted at the server. */
  happens: (scene: Scene) => void | Promise<void>,
  /** What the informer asks for from then on: lists, streams of the first state, and watches. */
  asks: string,
  /** What it reports: a word for each failure that is not part of the usual life of a watch. */
  reports: string,
  /** How long that takes at most. Default: the first pause after a failure, of at most 1.6 seconds. */
  withinMs?: number,
];

const forbidden = newForbidden({ group: '', resource: 'configmaps' }, '', 'no');

const withTheFirstList: readonly Row[] = [
  ['500', next('list', refused(newInternalError('x'))), 'list list watch', 'list'],
  ['500 for a while', next('list', refused(newInternalError('x')), 2), 'list list list watch', 'list list', 5000],
  ['403', next('list', refused(forbidden)), 'list list watch', 'list'],
  ['429 with Retry-After', next('list', busyFor(2)), 'list list watch', '', 2000],
  ['429 with a Retry-After of four minutes', next('list', busyFor(240), 2), 'list list list watch', 'list', 602_000],
  ['410', next('list', refused(newResourceExpired('x'))), 'list list watch', '', 0],
  ['connection refused', next('list', broken('connect')), 'list list watch', 'list'],
  ['connection reset', next('list', broken('reset')), 'list list watch', ''],
  ['a body that breaks off', next('list', cutOff('truncated')), 'list list watch', 'list'],
  ['half a body', next('list', cutOff('eof')), 'list list watch', 'list'],
  ['a byte at a time', next('list', { kind: 'split', bytes: 1 }), 'list watch', '', 0],
  ['the login page of a proxy', next('list', loginPage()), 'list list watch', 'list'],
  ['an object that is no list', next('list', { kind: 'status', status: 200, body: '{}' }), 'list list watch', 'list'],
  ['silence', next('list', { kind: 'silence' }), 'list list watch', 'list', 77_000],
  ['a handler that throws', withAHandlerThatThrows, 'list watch', 'handler handler handler handler handler', 0],
];

const withTheFirstStream: readonly Row[] = [
  ['500', next('stream', refused(newInternalError('x'))), 'stream list watch', 'watch'],
  ['429 with Retry-After', next('stream', busyFor(2)), 'stream stream', '', 2000],
  ['429 with a Retry-After of two minutes', next('stream', busyFor(120)), 'stream stream', '', 120_000],
  ['connection refused', next('stream', broken('connect')), 'stream stream', 'watch'],
  ['connection reset', next('stream', cutOff('reset')), 'stream stream', 'watch'],
  ['two resets', next('stream', cutOff('reset'), 2), 'stream stream list watch', 'watch watch', 5000],
  ['half an event', next('stream', cutOff('eof')), 'stream list watch', 'watch'],
  ['a byte at a time', next('stream', { kind: 'split', bytes: 1 }), 'stream', '', 0],
  ['the login page of a proxy', next('stream', loginPage()), 'stream list watch', 'watch'],
  ['silence', next('stream', { kind: 'silence' }), 'stream list watch', 'watch', 30_000],
];

const withTheNextWatch: readonly Row[] = [
  ['500', nextWatch(refused(newInternalError('x'))), 'watch list watch', 'watch'],
  ['403', nextWatch(refused(forbidden)), 'watch list watch', 'watch'],
  ['429', nextWatch(refused(newTooManyRequests('x', 0))), 'watch watch', 'watch'],
  ['429 with Retry-After', nextWatch(busyFor(2)), 'watch watch', '', 2000],
  ['429 with a Retry-After of two minutes', nextWatch(busyFor(120)), 'watch watch', '', 120_000],
  ['410 Expired', nextWatch(refused(newResourceExpired('x'))), 'watch list watch', ''],
  ['410 Gone', nextWatch(refused(newGone('x'))), 'watch list watch', ''],
  ['an ERROR event 410', nextWatch(errorEvent(newResourceExpired('x'))), 'watch list watch', ''],
  ['an ERROR event 429', nextWatch(errorEvent(newTooManyRequests('x', 0))), 'watch watch', 'watch'],
  ['an ERROR event 500', nextWatch(errorEvent(newInternalError('x'))), 'watch list watch', 'watch'],
  ['connection refused', nextWatch(broken('connect')), 'watch watch', 'watch'],
  ['connection reset', nextWatch(broken('reset')), 'watch watch', 'watch'],
  ['a reset within an event', nextWatch(cutOff('reset')), 'watch watch', 'watch'],
  ['half an event', nextWatch(cutOff('eof')), 'watch list watch', 'watch'],
  ['an end at once', nextWatch({ kind: 'status', status: 200 }), 'watch list watch', 'watch'],
  ['a byte at a time', nextWatch({ kind: 'split', bytes: 1 }), 'watch', '', 0],
  ['the login page of a proxy', nextWatch(loginPage()), 'watch list watch', 'watch'],
  ['silence', nextWatch({ kind: 'silence' }), 'watch watch', 'watch', 75_000],
];

const whileItWatches: readonly Row[] = [
  ['the connection is reset', ({ faults }) => void faults.cut('reset'), 'watch', 'watch', 0],
  ['the watch ends in good order', ({ faults }) => void faults.cut('eof'), 'watch', '', 0],
  ['the connection falls silent', ({ faults }) => void faults.cut('silence'), 'watch', 'watch', 75_000],
  ['the server sends an ERROR event 410', ({ server }) => server.closeWatches('expired'), 'list watch', ''],
  ['the server forgets what was missed', forgetWhatIsMissed, 'watch list watch', 'watch'],
  ['a handler throws', withAHandlerThatThrows, '', 'handler handler handler handler handler', 0],
];

/** Where the informer is when it happens. */
const situations = [
  { when: 'when its first list meets with', rows: withTheFirstList, watchList: false, watching: false },
  { when: 'when the stream of its first state meets with', rows: withTheFirstStream, watchList: true, watching: false },
  { when: 'when its next watch meets with', rows: withTheNextWatch, watchList: false, watching: true },
  { when: 'while it watches, when', rows: whileItWatches, watchList: false, watching: true },
];

describe.each(Object.keys(queues) as QueueName[])('an informer on %s recovers', (queue) => {
  describe.each(situations)('$when', ({ rows, watchList, watching }) => {
    test.each(rows.map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
      const [, happens, asks, reports, withinMs = 1600] = row;
      await using scene = new Scene({ queue, watchList });
      const { clock, truth, requests, errors } = scene;
      await truth.set('a');
      await truth.set('b');
      if (watching) {
        scene.start();
        await clock.advance(5000);
        requests.length = 0;
        await happens(scene);
      } else {
        await happens(scene);
        scene.start();
      }
      await clock.advance(0);
      await truth.set('a');
      await truth.delete('b');
      await truth.set('c');

      await clock.advance(withinMs);
      await scene.expectSame();
      expect(requests.join(' ')).toBe(asks);
      expect(errors.map(({ stage }) => stage).join(' ')).toBe(reports);

      await truth.set('d');
      await truth.delete('c');
      await clock.advance(0);
      await scene.expectSame();
    });
  });

  test.each<[string, (scene: Scene) => void | Promise<void>]>([
    ['its first list', next('list', { kind: 'silence' })],
    ['the stream of its first state', next('stream', { kind: 'silence' })],
    ['a watch', () => undefined],
    ['a watch that is not answered', nextWatch({ kind: 'silence' })],
    ['a watch that has fallen silent', ({ faults }) => void faults.cut('silence')],
    ['a pause after a failure', nextWatch(busyFor(60))],
  ])('from nothing when it is stopped during %s: it ends', async (during, happens) => {
    await using scene = new Scene({ queue, watchList: during.startsWith('the stream') });
    const { clock, requests, errors, faults, truth } = scene;
    if (during.includes('its first')) await happens(scene);
    scene.start();
    await clock.advance(5000);
    if (!during.includes('its first')) await happens(scene);
    await clock.advance(0);
    const before = [requests.length, errors.length];
    await scene.stop();
    await truth.set('a');
    await clock.advance(600_000);
    expect([requests.length, errors.length], 'asked for, reported').toEqual(before);
    expect([faults.openResponses(), clock.pending], 'connections, timers').toEqual([0, 0]);
  });
});

function titleOf([what, , asks, reports]: Row): string {
  return `${what} → ${asks || 'asks for nothing'}${reports && `, reports ${reports}`}`;
}

function requestsFor(purpose: Purpose): (request: TransportRequest) => boolean {
  return (request) => purposeOf(request) === purpose;
}

/** The next requests of this kind meet with a fault. */
function next(purpose: Purpose, fault: Fault, times = 1): (scene: Scene) => void {
  return ({ faults }) => void faults.inject(fault, { matches: requestsFor(purpose), times });
}

/** The watch ends in good order, and the one that follows meets with a fault. */
function nextWatch(fault: Fault): (scene: Scene) => void {
  return (scene) => {
    next('watch', fault)(scene);
    scene.faults.cut('eof');
  };
}

/** After 100 bytes, which is in the middle of the first object. */
function cutOff(end: 'eof' | TransportFailure): Fault {
  return { kind: 'truncate', bytes: 100, end };
}

/** The watch is dead, and when that is noticed, its version is no longer in the history. */
async function forgetWhatIsMissed({ faults, truth, server }: Scene): Promise<void> {
  faults.cut('silence');
  await truth.set('a');
  await truth.delete('b');
  server.compact();
  faults.cut('reset');
}

/** It is told of what there is, and of what happens: five times in all. */
function withAHandlerThatThrows({ informer }: Scene): void {
  const fail = (): never => {
    throw new Error('mine');
  };
  informer.addEventHandler({ onAdd: fail, onUpdate: fail, onDelete: fail });
}
