import { newGone, newInternalError, newResourceExpired, newTooManyRequests } from '@client-ts/apimachinery/errors';
import { type HandlerOptions, latestStates } from '@client-ts/cache';
import type { TransportFailure } from '@client-ts/rest';
import type { Fault, RequestMatcher } from '@client-ts/testing';
import * as fc from 'fast-check';
import type { Delivery } from './delivery.js';
import type { EncodingName } from './encodings.js';
import { LegalHistory } from './legal-history.js';
import { broken, busyFor, errorEvent, loginPage, refused } from './made-up-answers.js';
import { type Purpose, purposeOf } from './purpose.js';
import { Scene } from './scene.js';
import { type QueueName, queues, type SceneForm } from './scene-informer.js';
import { slowHandler } from './slow-handler.js';

/** One thing that happens at the server, on the way to it, or around the informer. */
type Step =
  | { readonly what: 'set' | 'delete'; readonly name: string }
  /** The next requests of a kind meet with a fault; without a kind, all. */
  | { readonly what: 'fault'; readonly purpose?: Purpose; readonly fault: Fault; readonly times: number }
  /** All connections that are open break, end or fall silent. */
  | { readonly what: 'cut'; readonly how: 'reset' | 'eof' | 'silence' }
  | { readonly what: 'close'; readonly how: 'expired' | 'eof' }
  | { readonly what: 'compact' | 'removeHandler' }
  /** One that takes its time for each change, and what is done about that. */
  | { readonly what: 'addHandler'; readonly slowMs: number; readonly options: HandlerOptions }
  | { readonly what: 'wait'; readonly ms: number };

/** What happens to one informer. */
export interface History {
  readonly form: SceneForm;
  readonly encoding: EncodingName;
  readonly queue: QueueName;
  readonly watchList: boolean;
  readonly delivery: Delivery;
  readonly nameless: boolean;
  readonly steps: readonly Step[];
}

/**
 * By the end of this time every silence has been noticed: that of a watch without bookmarks takes 10.5 minutes. And what a list
 * could not tell, for objects without names, another has told: by the end of the first or second watch, of up to 10 minutes each.
 */
const QuietMs = 25 * 60_000;

const ends: fc.Arbitrary<TransportFailure> = fc.constantFrom('reset', 'truncated', 'timeout', 'other');

/** Failures by which servers and proxies say that they do not do it. Versions that are forgotten are told in two ways, and two words. */
const answers: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(200, 400, 403, 410, 500, 503, 504) }),
  fc
    .constantFrom(newResourceExpired('x'), newGone('x'), newInternalError('x'), newTooManyRequests('x', 0))
    .chain((error) => fc.constantFrom(refused(error), errorEvent(error))),
  fc.constantFrom(busyFor(3), loginPage()),
);

const faults: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: answers },
  fc.oneof(ends, fc.constantFrom<TransportFailure[]>('connect', 'tls')).map(broken),
  fc.constant({ kind: 'silence' } as const),
  fc.record({ kind: fc.constant('split' as const), bytes: fc.integer({ min: 1, max: 100 }) }),
  fc.record({
    kind: fc.constant('truncate' as const),
    bytes: fc.nat(1000),
    end: fc.oneof(ends, fc.constant('eof' as const)),
  }),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('set' as const), name: fc.constantFrom('a', 'b', 'c', 'd') }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('delete' as const), name: fc.constantFrom('a', 'b', 'c', 'd') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('fault' as const),
      purpose: fc.constantFrom<Purpose[]>('list', 'stream', 'watch'),
      fault: faults,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('fault' as const),
      fault: fc.oneof(fc.constantFrom(refused(newInternalError('storm')), busyFor(1), broken('connect')), answers),
      times: fc.integer({ min: 5, max: 50 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('cut' as const), how: fc.constantFrom('reset', 'eof', 'silence') }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('close' as const), how: fc.constantFrom('expired', 'eof') }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('compact', 'removeHandler') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('addHandler' as const),
      slowMs: fc.oneof(fc.constant(0), fc.nat(5000)),
      options: fc.constantFrom<HandlerOptions[]>({}, { maxBacklog: 1 }, { maxBacklog: 3 }, { backlog: latestStates }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('wait' as const),
      ms: fc.oneof(fc.constant(0), fc.nat(3000), fc.integer({ min: 3000, max: 200_000 })),
    }),
  },
);

/** Histories at random: what the server and the network do, and when. */
export const histories: fc.Arbitrary<History> = fc.record({
  form: fc.oneof(
    { weight: 5, arbitrary: fc.constant('whole' as const) },
    { weight: 1, arbitrary: fc.constant('compact' as const) },
  ),
  encoding: fc.oneof(
    { weight: 3, arbitrary: fc.constant('JSON' as const) },
    { weight: 1, arbitrary: fc.constantFrom<EncodingName[]>('protobuf', 'CBOR') },
  ),
  queue: fc.constantFrom(...(Object.keys(queues) as QueueName[])),
  watchList: fc.boolean(),
  delivery: fc.record({ order: fc.nat(), slowMs: fc.oneof(fc.constant(1), fc.nat(5000)) }, { requiredKeys: [] }),
  nameless: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  steps: fc.array(steps, { maxLength: 40, size: 'max' }),
});

/**
 * Lets a history happen to an informer, in virtual time. Rejects unless, at every rest, the cache is what the server was as
 * of the version that the informer names; versions never go back; in the end the cache is what the server is; all handlers
 * were told histories that can have happened; and nothing is left behind.
 */
export async function runHistory({ steps, ...options }: History): Promise<void> {
  await using scene = new Scene(options);
  const { clock, informer, faults } = scene;
  const late: { readonly told: LegalHistory; readonly registration: Disposable }[] = [];
  const injected: Disposable[] = [];
  let reached = 0;

  const rest = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    const version = informer.lastSyncResourceVersion();
    if (Number(version) < reached) throw new Error(`the cache went back from ${reached} to ${version}`);
    reached = Number(version);
    if (version !== '') await scene.expectAsOf(version);
  };
  const perform = async (step: Step): Promise<void> => {
    switch (step.what) {
      case 'set':
        return scene.truth.set(step.name);
      case 'delete':
        return scene.truth.delete(step.name);
      case 'fault':
        injected.push(faults.inject(step.fault, { matches: requestsFor(step.purpose), times: step.times }));
        return;
      case 'cut':
        faults.cut(step.how);
        return;
      case 'close':
        return scene.server.closeWatches(step.how);
      case 'compact':
        return scene.server.compact();
      case 'addHandler': {
        const told = new LegalHistory(scene.truth, step.options.backlog === latestStates);
        const registration = informer.addEventHandler(slowHandler(told, clock, step.slowMs), step.options);
        late.push({ told, registration });
        return;
      }
      case 'removeHandler':
        return late.shift()?.registration[Symbol.dispose]();
      case 'wait':
        return rest(step.ms);
    }
  };

  scene.start();
  for (const step of steps) await perform(step);
  for (const fault of injected) fault[Symbol.dispose]();
  await scene.mend();
  await rest(QuietMs);
  await scene.expectSame();
  for (const { told } of late) {
    told.expectKnown(informer.indexer.list());
    told.expectDeleted();
  }
  await scene.stop();
  if (clock.pending + faults.openResponses() > 0)
    throw new Error(`left behind: ${clock.pending} timers, ${faults.openResponses()} connections`);
}

function requestsFor(purpose: Purpose | undefined): RequestMatcher {
  return (request) => purpose === undefined || purposeOf(request) === purpose;
}
