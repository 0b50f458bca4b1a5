import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { test } from 'vitest';
import { runQueueSteps, StepVerbs } from './queue-model.test.kit.js';

const steps = fc.array(
  fc.record({ verb: fc.constantFrom(...StepVerbs), key: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.nat(30) }),
  { size: 'medium' },
);

test('whatever is done to a queue, it does what a naive one does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (each) => runQueueSteps(each, new FakeClock(0))),
    { numRuns: 200 },
  );
});
