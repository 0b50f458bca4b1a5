import { ApiServer } from '@client-ts/apiserver';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { metadataCases } from './metadata-cases.js';
import { mappingCases, partialDiscoveryCases } from './mapping-cases.js';

describe('in memory', () => {
  test.each(Object.entries({ ...mappingCases, ...metadataCases }))('%s', async (_, run) => {
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

  const cases = { ...mappingCases, ...metadataCases, ...partialDiscoveryCases };
  test.each(Object.entries(cases))('%s', { timeout: 60_000 }, async (_, run) => {
    await run({ ...environment.config, onWarning: () => undefined });
  });
});
