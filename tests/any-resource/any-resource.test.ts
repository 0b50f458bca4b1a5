import { ApiServer } from '@client-ts/apiserver';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { mappingCases, partialDiscoveryCases } from './mapping-cases.js';
import { metadataCases } from './metadata-cases.js';
import { scaleCases } from './scale-cases.js';

const cases = { ...mappingCases, ...metadataCases, ...scaleCases };

describe('in memory', () => {
  test.each(Object.entries(cases))('%s', async (_, run) => {
    await using server = new ApiServer();
    await run({ ...server.config(), onWarning: () => undefined });
  });
});

describeReal('on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.each(Object.entries({ ...cases, ...partialDiscoveryCases }))('%s', async (_, run) => {
    await run({ ...environment.config, onWarning: () => undefined });
  });
});
