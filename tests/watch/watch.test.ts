import { setTimeout as realTime } from 'node:timers/promises';
import { realClock } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { ownWritesCases } from './own-writes.js';
import { expectedOfScenario, watchScenario } from './scenario.js';

const scenario = 'watches go on over the ends of their requests, and waits end when something happens';

describe('in memory', () => {
  test(scenario, async () => {
    const clock = new FakeClock();
    await using server = new ApiServer({ clock });
    const pass = (): Promise<void> => clock.advance(1000);
    expect(await watchScenario({ config: server.config(), clock, pass })).toEqual(expectedOfScenario);
  });

  test.each(Object.entries(ownWritesCases))('%s', async (_, run) => {
    await using server = new ApiServer();
    await run({ config: server.config(), turn: () => Promise.resolve() });
  });
});

describeReal('on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test(scenario, async () => {
    expect(await watchScenario({ config: environment.config, clock: realClock })).toEqual(expectedOfScenario);
  });

  test.each(Object.entries(ownWritesCases))('%s', async (_, run) => {
    await run({ config: environment.config, turn: () => realTime(20) });
  });
});
