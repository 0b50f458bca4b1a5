import { expect, test } from 'vitest';
import { type LeaderElectionConfig, electionSettings } from './leader-election-config.js';
import type { Lock } from './lock.js';

const lock = { identity: 'me', describe: () => 'ns/name' } as Lock;
const callbacks = { onStartedLeading: () => {} };

test('TestLeaderElectionConfigValidation: what is left out is as in Kubernetes', () => {
  expect(electionSettings({ lock, callbacks })).toMatchObject({
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2000,
    requestTimeoutMs: 5000,
    releaseOnCancel: true,
    coordinated: false,
    name: 'ns/name',
  });
});

test.each<[Partial<LeaderElectionConfig>, string]>([
  [{ leaseDurationMs: 10_000 }, 'leaseDurationMs: expected more than renewDeadlineMs, which is 10000, got 10000'],
  [{ retryPeriodMs: 9000 }, 'renewDeadlineMs: expected more than 1.2 times retryPeriodMs, which is 9000, got 10000'],
  [{ leaseDurationMs: 0 }, 'leaseDurationMs: expected more than 0 milliseconds, got 0'],
  [{ renewDeadlineMs: -1 }, 'renewDeadlineMs: expected more than 0 milliseconds, got -1'],
  [{ retryPeriodMs: NaN }, 'retryPeriodMs: expected more than 0 milliseconds, got NaN'],
  [{ leaseDurationMs: Infinity }, 'leaseDurationMs: expected more than 0 milliseconds, got Infinity'],
  [{ leaseDurationMs: 15_500 }, 'leaseDurationMs: expected whole seconds, as the lease has, got 15500'],
  [{ requestTimeoutMs: 10_000 }, 'requestTimeoutMs: expected less than renewDeadlineMs, which is 10000, got 10000'],
  [{ lock: { ...lock, identity: '' } }, 'lock.identity: expected a text that is not empty'],
])('TestLeaderElectionConfigValidation: %o', (config, message) => {
  expect(() => electionSettings({ lock, callbacks, ...config })).toThrow(`LeaderElector: ${message}`);
});
