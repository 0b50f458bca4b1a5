import {
  isStatusError,
  newBadRequest,
  newForbidden,
  newGone,
  newInternalError,
  newResourceExpired,
  newTooLargeResourceVersion,
  newTooManyRequests,
} from '@client-ts/apimachinery/errors';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextState,
  type Outcome,
  type ReflectorMemory,
  type ReflectorState,
  startState,
  streamBroke,
} from './reflector-state.js';
import {
  classifyFailure,
  ListTimeoutError,
  VeryShortWatchError,
  WatchListUnsupportedError,
  WatchSilentError,
} from './watch-failure.js';

const list = (resourceVersion: string): ReflectorState => ({ name: 'list', resourceVersion });
const watch = (resourceVersion: string): ReflectorState => ({ name: 'watch', resourceVersion });
const watchList = (resourceVersion: string): ReflectorState => ({ name: 'watchList', resourceVersion });

const failure = (kind: string): Error => Object.assign(new Error(kind), { failure: kind });
const forbidden = newForbidden({ group: '', resource: 'pods' }, '', 'no');

interface Row {
  readonly from: ReflectorState;
  readonly error: unknown;
  readonly healthy?: boolean;
  readonly synced?: boolean;
  readonly memory?: Partial<ReflectorMemory>;
  readonly to: ReflectorState;
  readonly backoff: boolean;
}

/** What follows a failure. The store holds version 7, the watch had come to 9; initial events are not asked for. */
const rows: readonly Row[] = [
  { from: list('0'), error: newInternalError('x'), to: list('7'), backoff: true },
  { from: list('0'), error: newInternalError('x'), memory: { resourceVersion: '' }, to: list('0'), backoff: true },
  { from: list('7'), error: newResourceExpired('x'), to: list(''), backoff: false },
  { from: list('7'), error: newGone('x'), to: list(''), backoff: false },
  { from: list('7'), error: newTooLargeResourceVersion('7', '5', 1), to: list(''), backoff: true },
  { from: list(''), error: newResourceExpired('x'), to: list(''), backoff: true },
  { from: list('0'), error: forbidden, memory: { resourceVersion: '' }, to: list('0'), backoff: true },
  { from: list('0'), error: failure('reset'), to: list('7'), backoff: true },
  { from: list('0'), error: failure('connect'), to: list('0'), backoff: true },
  { from: list(''), error: newInternalError('x'), to: list(''), backoff: true },
  { from: list(''), error: failure('reset'), to: list(''), backoff: true },
  { from: list(''), error: newInternalError('x'), memory: { watchList: true }, to: watchList(''), backoff: true },
  { from: list('7'), error: new ListTimeoutError('x'), to: list('7'), backoff: true },
  { from: watch('9'), error: newResourceExpired('x'), to: list(''), backoff: true },
  { from: watch('9'), error: newGone('x'), to: list(''), backoff: true },
  { from: watch('9'), error: newTooManyRequests('x', 3), to: watch('9'), backoff: true },
  { from: watch('9'), error: failure('connect'), to: watch('9'), backoff: true },
  { from: watch('9'), error: failure('reset'), to: watch('9'), backoff: false },
  { from: watch('9'), error: failure('truncated'), healthy: false, to: watch('9'), backoff: true },
  { from: watch('9'), error: new WatchSilentError('x'), to: watch('9'), backoff: false },
  { from: watch('9'), error: new VeryShortWatchError('x'), healthy: false, to: list('7'), backoff: true },
  { from: watch('9'), error: newInternalError('x'), to: list('7'), backoff: true },
  { from: watch('9'), error: newInternalError('x'), memory: { rewatch: true }, to: watch('9'), backoff: false },
  {
    from: watch('9'),
    error: newInternalError('x'),
    healthy: false,
    memory: { rewatch: true },
    to: watch('9'),
    backoff: true,
  },
  { from: watch('9'), error: forbidden, to: list('7'), backoff: true },
  { from: watch('9'), error: newBadRequest('x'), to: list('7'), backoff: true },
  { from: watch('9'), error: new Error('not JSON'), to: list('7'), backoff: true },
  { from: watch('9'), error: undefined, to: list('7'), backoff: true },
  { from: watch('9'), error: null, to: list('7'), backoff: true },
  {
    from: watchList(''),
    error: new WatchListUnsupportedError('x'),
    synced: false,
    memory: { resourceVersion: '', watchList: true },
    to: list('0'),
    backoff: false,
  },
  {
    from: watchList(''),
    error: newBadRequest('x'),
    synced: false,
    memory: { resourceVersion: '', watchList: true },
    to: list('0'),
    backoff: false,
  },
  {
    from: watchList(''),
    error: newInternalError('x'),
    synced: false,
    memory: { resourceVersion: '', watchList: true },
    to: list('0'),
    backoff: true,
  },
  {
    from: watchList(''),
    error: newTooManyRequests('x', 1),
    synced: false,
    memory: { resourceVersion: '', watchList: true },
    to: watchList(''),
    backoff: true,
  },
  {
    from: watchList(''),
    error: newInternalError('x'),
    synced: false,
    memory: { watchList: true },
    to: list(''),
    backoff: true,
  },
  {
    from: watchList('7'),
    error: newResourceExpired('x'),
    synced: false,
    memory: { watchList: true },
    to: watchList(''),
    backoff: false,
  },
  {
    from: watchList('7'),
    error: failure('reset'),
    synced: false,
    memory: { watchList: true },
    to: watchList('7'),
    backoff: true,
  },
  {
    from: watchList('7'),
    error: failure('reset'),
    synced: false,
    memory: { watchList: true, streamBroke: true },
    to: list('7'),
    backoff: true,
  },
  {
    from: watchList(''),
    error: failure('truncated'),
    synced: false,
    memory: { resourceVersion: '', watchList: true, streamBroke: true },
    to: list('0'),
    backoff: true,
  },
  {
    from: watchList(''),
    error: failure('timeout'),
    synced: false,
    memory: { watchList: true, streamBroke: true },
    to: list(''),
    backoff: true,
  },
  {
    from: watchList(''),
    error: newResourceExpired('x'),
    synced: false,
    memory: { watchList: true, streamBroke: true },
    to: list(''),
    backoff: true,
  },
  {
    from: watchList('7'),
    error: failure('connect'),
    synced: false,
    memory: { watchList: true, streamBroke: true },
    to: watchList('7'),
    backoff: true,
  },
  {
    from: watchList(''),
    error: failure('reset'),
    synced: true,
    memory: { watchList: true, streamBroke: true },
    to: watch('9'),
    backoff: false,
  },
  {
    from: watchList(''),
    error: newResourceExpired('x'),
    synced: true,
    memory: { watchList: true },
    to: watchList(''),
    backoff: true,
  },
];

function titleOf({ from, error, healthy = true, synced = false, memory, to }: Row): string {
  const show = ({ name, resourceVersion }: ReflectorState): string =>
    `${name} as of ${JSON.stringify(resourceVersion)}`;
  const what = isStatusError(error) ? error.reason : error instanceof Error ? `${error.name} ${error.message}` : error;
  const before = memory?.streamBroke ? ', as the stream before' : '';
  const rewatch = memory?.rewatch ? ', to go on' : '';
  const when = `${synced ? ', once synced' : ''}${healthy ? '' : ', at once'}${before}${rewatch}`;
  return `of ${show(from)} by ${String(what)}${when}: ${show(to)}`;
}

describe('after a failure', () => {
  test.each(rows.map((row): [string, Row] => [titleOf(row), row]))('%s', (_, row) => {
    const memory: ReflectorMemory = { resourceVersion: '7', watchList: false, ...row.memory };
    const outcome: Outcome = {
      type: 'failed',
      error: row.error,
      resourceVersion: '9',
      synced: row.synced ?? row.from.name === 'watch',
      healthy: row.healthy ?? true,
    };
    const { next, backoff } = nextState(row.from, outcome, memory);
    expect({ next, backoff }).toEqual({ next: row.to, backoff: row.backoff });
  });

  test('the wait is at least what the server asks for', () => {
    const outcome: Outcome = {
      type: 'failed',
      error: newTooManyRequests('x', 42),
      resourceVersion: '9',
      synced: true,
      healthy: true,
    };
    expect(nextState(watch('9'), outcome, { resourceVersion: '7', watchList: false }).minDelayMs).toBe(42_000);
  });
});

test.each<[before: boolean, after: boolean, what: string, outcome: Partial<Extract<Outcome, { type: 'failed' }>>]>([
  [false, true, 'broke off', { error: failure('reset') }],
  [false, true, 'ended too early', { error: new Error('ended') }],
  [true, false, 'broke off when its initial events had come', { error: failure('reset'), synced: true }],
  [true, true, 'was not answered', { error: failure('connect') }],
  [false, false, 'was not answered', { error: failure('connect') }],
])('whether the last stream broke off, which was %s, is %s when one %s', (before, after, _, failed) => {
  const outcome = {
    type: 'failed',
    resourceVersion: '',
    synced: false,
    healthy: true,
    error: undefined,
    ...failed,
  } as const;
  expect(streamBroke(watchList(''), outcome, before)).toBe(after);
  expect(streamBroke(list('0'), outcome, before), 'a list says nothing about it').toBe(before);
});

test('a list is followed by a watch from there, and a watch that ends by another', () => {
  const memory = { resourceVersion: '7', watchList: false };
  expect(nextState(list('0'), { type: 'listed', resourceVersion: '7' }, memory)).toMatchObject({
    next: watch('7'),
    backoff: false,
  });
  expect(nextState(watch('7'), { type: 'ended', resourceVersion: '9' }, memory)).toMatchObject({
    next: watch('9'),
    backoff: false,
  });
});

test.each([
  [false, list('9')],
  [true, watchList('9')],
])(
  'after a list that could not tell all, the next good end of a watch leads to another (watchList: %s)',
  (on, next) => {
    const memory = { resourceVersion: '9', watchList: on, incomplete: true };
    expect(nextState(watch('7'), { type: 'ended', resourceVersion: '9' }, memory)).toMatchObject({
      next,
      backoff: false,
    });
    expect(nextState(list('0'), { type: 'listed', resourceVersion: '9' }, memory).next).toEqual(watch('9'));
  },
);

test('no row of failures goes on without a pause', () => {
  const errors = [...new Set(rows.map(({ error }) => error))];
  const failures = fc.array(fc.tuple(fc.constantFrom(...errors), fc.boolean()), {
    minLength: 3,
    maxLength: 20,
    size: 'max',
  });
  fc.assert(
    fc.property(failures, fc.boolean(), fc.constantFrom('', '7'), (sequence, watchList, resourceVersion) => {
      let memory: ReflectorMemory = { resourceVersion, watchList };
      let state = startState(memory);
      let withoutPause = 0;
      for (const [error, initialEventsEnded] of sequence) {
        const synced = state.name === 'watch' || (state.name === 'watchList' && initialEventsEnded);
        const unsupported = !synced && classifyFailure(error) === 'unsupported';
        if (state.name === 'watchList' && unsupported) memory = { ...memory, watchList: false };
        const outcome = { type: 'failed', error, resourceVersion: '9', synced, healthy: false } as const;
        const { next, backoff } = nextState(state, outcome, memory);
        memory = { ...memory, streamBroke: streamBroke(state, outcome, memory.streamBroke) };
        withoutPause = backoff ? 0 : withoutPause + 1;
        // The version is refused, then the initial events are, and then the version of the list: three steps that lead elsewhere.
        expect(withoutPause).toBeLessThanOrEqual(3);
        state = next;
      }
    }),
  );
});
