import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './rate-limiter.js';

const Qps = 5;
const IntervalMs = 1000 / Qps;
const Burst = 3;

/** What became of a call of `take`. */
interface Waiter {
  readonly controller: AbortController;
  outcome: 'waits' | 'served' | 'left';
}

function takeFrom(bucket: TokenBucket): Waiter {
  const waiter: Waiter = { controller: new AbortController(), outcome: 'waits' };
  bucket.take(waiter.controller.signal).then(
    () => (waiter.outcome = 'served'),
    (reason: unknown) => {
      expect(reason).toBe(waiter);
      waiter.outcome = 'left';
    },
  );
  return waiter;
}

/** A bucket that is looked at every millisecond. */
class Model {
  #filledMs = Burst * IntervalMs;
  readonly #waiting: number[] = [];
  readonly outcomes: Waiter['outcome'][] = [];

  take(): void {
    this.#waiting.push(this.outcomes.push('waits') - 1);
    this.#serve();
  }

  leave(index: number): void {
    if (this.outcomes[index] !== 'waits') return;
    this.outcomes[index] = 'left';
    this.#waiting.splice(this.#waiting.indexOf(index), 1);
  }

  advance(ms: number): void {
    for (; ms > 0; ms--) {
      this.#filledMs = Math.min(this.#filledMs + 1, Burst * IntervalMs);
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#filledMs >= IntervalMs) {
      this.#filledMs -= IntervalMs;
      this.outcomes[this.#waiting.shift()!] = 'served';
    }
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), value: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), value: fc.nat(10) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), value: fc.integer({ min: 1, max: 900 }) }) },
);

test('serves in order, as soon as there are tokens, and takes none of those who leave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 20 }), async (steps) => {
      const clock = new FakeClock();
      const bucket = new TokenBucket(Qps, Burst, clock);
      const model = new Model();
      const waiters: Waiter[] = [];
      for (const { do: what, value } of steps) {
        if (what === 'take') {
          for (let i = 0; i < value; i++) {
            model.take();
            waiters.push(takeFrom(bucket));
          }
        } else if (what === 'leave') {
          const waiter = waiters[value];
          if (waiter) model.leave(value);
          waiter?.controller.abort(waiter);
        } else model.advance(value);
        await clock.advance(what === 'advance' ? value : 0);
        expect(waiters.map(({ outcome }) => outcome)).toEqual(model.outcomes);
      }
      for (const waiter of waiters) waiter.controller.abort(waiter);
      await clock.advance(0);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('who has left holds up nobody', async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(Qps, 1, clock);
  const gone = Array.from({ length: 101 }, () => takeFrom(bucket));
  await clock.advance(0);
  for (const waiter of gone) waiter.controller.abort(waiter);
  const last = takeFrom(bucket);
  await clock.advance(IntervalMs);
  expect(last.outcome).toBe('served');
});

test('whoever comes with an aborted signal takes no token', async () => {
  const bucket = new TokenBucket(Qps, 1, new FakeClock());
  await expect(bucket.take(AbortSignal.abort(new Error('mine')))).rejects.toThrow('mine');
  await bucket.take();
});

test.each([
  [0, 1],
  [Number.NaN, 1],
  [1, 0],
])('qps %d with burst %d means nothing', (qps, burst) => {
  expect(() => new TokenBucket(qps, burst)).toThrow(RangeError);
});
