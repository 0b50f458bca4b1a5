import { configMaps } from '@client-ts/api/core/v1';
import { type Clock, realClock, sleep } from '@client-ts/apimachinery';
import { type ElectionOutcome, type FencingToken, LeaderElector, leaseLock } from '@client-ts/leaderelection';
import { type Config, RestClient } from '@client-ts/rest';
import { FencedConfigMap } from './fenced-config-map.js';

export interface CounterOptions {
  readonly identity: string;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
  /** Pause between two numbers, in milliseconds. Default: 1,000. */
  readonly everyMs?: number;
  /** How soon another one goes on after an orderly end: within 2.2 times as many milliseconds. Default: 2,000. */
  readonly retryPeriodMs?: number;
}

/**
 * Counts, in the ConfigMap `counter` of `default`. Any number of these may run: one of them counts, and when it is gone another
 * one goes on, without a number that is counted twice.
 */
export async function runCounter(config: Config, options: CounterOptions): Promise<ElectionOutcome> {
  const { identity, signal, log, clock = realClock, everyMs = 1000, retryPeriodMs } = options;
  const counter = new FencedConfigMap(new RestClient(config, clock).resource(configMaps, 'default'), 'counter');

  const count = async (leading: AbortSignal, token: FencingToken): Promise<void> => {
    log(`${identity} leads, term ${token.transitions}`);
    while (!leading.aborted) {
      const written = await counter.write(token, ({ value = '0' }) => ({ value: String(Number(value) + 1) }), {
        signal: leading,
      });
      log(`${identity} counts ${written.data?.['value']}`);
      await sleep(clock, everyMs, leading);
    }
  };

  await using elector = new LeaderElector({
    lock: leaseLock(config, { namespace: 'default', name: 'counter', identity, clock }),
    clock,
    retryPeriodMs,
    callbacks: {
      onStartedLeading: count,
      onStoppedLeading: ({ led }) => log(led ? `${identity} no longer leads` : `${identity} never led`),
    },
  });
  return await elector.run({ signal });
}
