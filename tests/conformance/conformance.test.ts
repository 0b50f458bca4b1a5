import { afterAll, beforeAll, describe, test } from 'vitest';
import { topics } from './cases/index.js';
import { runCase, type ServerUnderTest } from './case.js';
import { tiers } from './tiers.js';

for (const tier of tiers) {
  if (tier.missing !== undefined) {
    console.warn(`\n!!! NOT TESTED on ${tier.name}: ${tier.missing}\n`);
    // Elsewhere a missing tier is a smaller proof; in CI it would be none that anybody notices.
    if (process.env['CI'] === 'true') test(`${tier.name} is there`, () => Promise.reject(new Error(tier.missing)));
  }
  describe.skipIf(tier.missing !== undefined)(tier.name, () => {
    let server: ServerUnderTest;
    beforeAll(async () => {
      server = await tier.start();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    describe.each(Object.entries(topics))('%s', (_, cases) => {
      test.each(Object.entries(cases))('%s', (_name, run) => runCase(server, run));
    });
  });
}
