import { newInternalError, newTooManyRequests } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { InternalErrorRetry } from './internal-error-retry.js';

const internal = newInternalError('x');

/** What is allowed, of an InternalError after each of these times. */
async function allowedAfter(maxMs: number | undefined, waits: readonly number[]): Promise<boolean[]> {
  const clock = new FakeClock();
  const retry = new InternalErrorRetry(clock, maxMs);
  const allowed = [];
  for (const ms of waits) {
    await clock.advance(ms);
    allowed.push(retry.allows(internal));
  }
  return allowed;
}

test.each<[what: string, maxMs: number | undefined, waits: number[], allowed: boolean[]]>([
  ['never by default', undefined, [0, 100_000], [false, false]],
  ['for the time given, from the first on', 10_000, [5000, 4000, 6000, 1], [true, true, true, false]],
  ['again when it has been refused once', 10_000, [0, 10_001, 10_000, 10_000], [true, false, true, true]],
  ['again after a minute without one', 10_000, [0, 60_000, 10_000], [true, true, true]],
  ['for longer than a minute, if that is given', 90_000, [0, 50_000, 40_000, 1], [true, true, true, false]],
  ['always, if that is given', Infinity, [0, 50_000, 50_000, 50_000], [true, true, true, true]],
])('a watch goes on after an InternalError %s', async (_, maxMs, waits, allowed) => {
  expect(await allowedAfter(maxMs, waits)).toEqual(allowed);
});

test('nothing else is an InternalError', () => {
  const retry = new InternalErrorRetry(new FakeClock(), 10_000);
  expect([retry.allows(newTooManyRequests('x', 1)), retry.allows(new Error('x'))]).toEqual([false, false]);
});
