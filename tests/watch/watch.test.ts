import { realClock } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { Environment } from '@client-ts/envtest';
import { expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { expectedOfScenario, watchScenario } from './scenario.js';

const name = 'watches go on over the ends of their requests, and waits end when something happens';

test(name, async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  const pass = (): Promise<void> => clock.advance(1000);
  expect(await watchScenario({ config: server.config(), clock, pass })).toEqual(expectedOfScenario);
});

describeReal('on a real server', ['etcd', 'kubeApiserver'], () => {
  test(name, { timeout: 60_000 }, async () => {
    await using environment = await Environment.start();
    expect(await watchScenario({ config: environment.config, clock: realClock })).toEqual(expectedOfScenario);
  });
});
