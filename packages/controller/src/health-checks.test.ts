import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { HealthChecks } from './health-checks.js';

test('all checks run, whatever they throw; one that does not end has failed', async () => {
  const clock = new FakeClock();
  const checks = new HealthChecks({ clock, timeoutMs: 500 });
  checks.add('well', () => {});
  checks.add('ill', () => Promise.reject(new Error('no lease')));
  checks.add('odd', () => {
    // eslint-disable-next-line no-throw-literal -- what programs do
    throw undefined;
  });
  let told: AbortSignal | undefined;
  checks.add('stuck', ({ signal }) => {
    told = signal;
    return new Promise(() => {});
  });
  const report = checks.check();
  await clock.advance(500);
  expect(await report).toEqual({
    healthy: false,
    results: [
      { name: 'well', error: undefined },
      { name: 'ill', error: new Error('no lease') },
      { name: 'odd', error: new Error('it failed') },
      { name: 'stuck', error: new Error('it did not end within 500 ms') },
    ],
  });
  expect(told?.aborted).toBe(true);
  expect((await checks.check(['well', 'gone'])).results[1]?.error).toEqual(new Error('there is no such check'));
  expect(clock.pending).toBe(0);
});

test('names are unique, and fit in a path; a check can be taken away', async () => {
  const checks = new HealthChecks();
  const first = checks.add('a', () => {});
  expect(() => checks.add('a', () => {})).toThrow('health check a: there is one of that name');
  expect(() => checks.add('a/b', () => {})).toThrow('health check "a/b": expected letters');
  first[Symbol.dispose]();
  checks.add('a', () => Promise.reject(new Error('another')));
  first[Symbol.dispose]();
  expect((await checks.check()).healthy).toBe(false);
});
