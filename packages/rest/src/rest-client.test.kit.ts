import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect } from 'vitest';
import type { Config } from './config.js';
import { RestClient } from './rest-client.js';
import { type Answer, Script } from './script.test.kit.js';

export function setUp(
  answers: Answer[],
  config: Partial<Config> = {},
): { script: Script; client: RestClient; clock: FakeClock } {
  const script = new Script(...answers);
  const clock = new FakeClock();
  return { script, clock, client: new RestClient({ host: 'https://server', transport: script, ...config }, clock) };
}

export const get = {
  method: 'GET',
  target: { group: '', version: 'v1', resource: 'pods', namespace: 'ns', name: 'web' },
} as const;
export const post = {
  method: 'POST',
  target: { group: '', version: 'v1', resource: 'pods', namespace: 'ns' },
  body: { a: 1 },
} as const;
export const ok = { body: '{"ok":true}' };

export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => expect.fail(`it succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error as Error,
  );
}

/** Runs the clock, as long as there is something to wait for, and then waits for `promise`. */
export async function settled<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  await clock.advance(0);
  while (clock.untilNext !== undefined) await clock.advance(clock.untilNext);
  return promise;
}
