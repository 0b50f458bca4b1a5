import { newGone, newInternalError, newResourceExpired } from '@client-ts/apimachinery/errors';
import type { Transport, TransportFailure, TransportRequest } from '@client-ts/rest';
import type { Fault, RequestMatcher } from '@client-ts/testing';
import * as fc from 'fast-check';
import { broken, errorEvent, loginPage, refused } from './made-up-answers.js';
import { purposeOf } from './purpose.js';
import { Scene } from './scene.js';
import { type QueueName, queues } from './scene-informer.js';

/** What becomes of a stream of initial events. */
type StreamFate =
  | Fault
  /** The server knows nothing of initial events, bookmarks and timeouts: it tells of what there is, and of changes. */
  | { readonly kind: 'plain' };

/** A server whose lists and watches work, and whose streams of initial events never do. */
export interface FailingStreams {
  readonly queue: QueueName;
  /** The fates of streams, one after the other, and then again from the beginning. */
  readonly fates: readonly StreamFate[];
  /** An object is created this often. */
  readonly newEveryMs: number;
}

/**
 * By then a list has been read, whatever the streams before it did: two of up to a minute, as objects come more slowly than one a
 * second, and the pauses between.
 */
const ReadWithinMs = 4 * 60_000;

const ends: fc.Arbitrary<TransportFailure | 'eof'> = fc.constantFrom('reset', 'truncated', 'timeout', 'other', 'eof');

/** Not busy, and not without a connection: then a list would fare no better. */
const fates: fc.Arbitrary<StreamFate> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'plain' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'silence' } as const) },
  // Shorter than the end of the initial events is by itself.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('truncate' as const), bytes: fc.nat(150), end: ends }) },
  fc.constantFrom<TransportFailure[]>('reset', 'truncated', 'timeout', 'tls', 'other').map(broken),
  fc
    .constantFrom(newResourceExpired('x'), newGone('x'), newInternalError('x'))
    .chain((error) => fc.constantFrom(refused(error), errorEvent(error))),
  fc.constant(loginPage()),
);

export const failingStreams: fc.Arbitrary<FailingStreams> = fc.record({
  queue: fc.constantFrom(...(Object.keys(queues) as QueueName[])),
  fates: fc.array(fates, { minLength: 1, maxLength: 4 }),
  newEveryMs: fc.integer({ min: 2000, max: 60_000 }),
});

/** Asks for a watch like any other in place of those that match. Does not own `inner`. */
function plainly(inner: Transport, matches: RequestMatcher): Transport {
  return {
    request(request) {
      if (!matches(request)) return inner.request(request);
      const url = new URL(request.url);
      for (const name of ['sendInitialEvents', 'resourceVersionMatch', 'allowWatchBookmarks', 'timeoutSeconds'])
        url.searchParams.delete(name);
      return inner.request({ ...request, url });
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Rejects unless an informer syncs in time, and reads the state again in time when its version is forgotten. */
export async function syncDespite({ queue, fates, newEveryMs }: FailingStreams): Promise<void> {
  const fateOf = (request: TransportRequest): StreamFate | undefined => {
    const streams = scene.requests.filter((purpose) => purpose === 'stream').length;
    return purposeOf(request) === 'stream' ? fates[(streams - 1) % fates.length] : undefined;
  };
  await using scene: Scene = new Scene({
    queue,
    watchList: true,
    through: (inner) => plainly(inner, (request) => fateOf(request)?.kind === 'plain'),
  });
  const { clock, informer, truth, server, faults } = scene;
  for (const fate of new Set(fates)) {
    if (fate.kind !== 'plain') faults.inject(fate, { matches: (request) => fateOf(request) === fate, times: Infinity });
  }
  let objects = 0;
  const within = async (what: string, done: () => boolean): Promise<void> => {
    for (let ms = 0; !done(); ms += newEveryMs) {
      if (ms > ReadWithinMs)
        throw new Error(`not ${what} within ${ReadWithinMs} ms: ${JSON.stringify(informer.health())}`);
      await clock.advance(newEveryMs);
      await truth.set(`new-${objects++}`);
    }
  };
  await truth.set('old');
  scene.start();
  await within('synced', () => informer.hasSynced());
  server.closeWatches('expired');
  await truth.delete('old');
  await within('read again', () => informer.indexer.getByKey('default/old') === undefined);
  await clock.advance(0);
  await scene.expectSame();
}
