import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { hostBackoff } from './host-backoff.js';
import { type Answer, Script } from './script.test.kit.js';
import { TransportError } from './transport-error.js';

function setUp(...answers: Answer[]) {
  const clock = new FakeClock();
  const script = new Script(...answers);
  const middleware = hostBackoff({ baseMs: 1000, maxMs: 3000, clock });
  const send = (host = 'server', signal?: AbortSignal): Promise<unknown> => {
    const request = { method: 'GET', url: new URL(`https://${host}/api`), headers: {}, signal };
    return middleware(request, (sent) => script.request(sent)).catch((error: unknown) => error);
  };
  /** How long the next request is held back. */
  const waitOf = async (host?: string): Promise<number> => {
    const before = clock.now();
    const sent = send(host);
    await clock.advance(0);
    while (clock.untilNext !== undefined) await clock.advance(clock.untilNext);
    await sent;
    return clock.now() - before;
  };
  return { clock, script, send, waitOf };
}

test.each([
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['no answer', { error: new TransportError('connect', 'refused') }],
])('after %s requests wait, for longer each time, up to a limit', async (_, answer) => {
  const { waitOf } = setUp(answer);
  expect([await waitOf(), await waitOf(), await waitOf(), await waitOf(), await waitOf()]).toEqual([
    0, 1000, 2000, 3000, 3000,
  ]);
});

test.each([200, 301, 404, 409])('%s ends the waiting', async (status) => {
  const { waitOf } = setUp({ status: 503 }, { status }, { status: 200 });
  expect([await waitOf(), await waitOf(), await waitOf()]).toEqual([0, 1000, 0]);
});

test('one host does not wait for another', async () => {
  const { waitOf } = setUp({ status: 503 });
  await waitOf('server:1');
  expect(await waitOf('server:2')).toBe(0);
});

test('requests that failed together count once', async () => {
  const { send, waitOf } = setUp({ status: 503 });
  await Promise.all([send(), send(), send()]);
  expect(await waitOf()).toBe(1000);
});

test('an abort is no failure, and ends the wait', async () => {
  const { clock, send, script, waitOf } = setUp({ error: new Error('aborted') }, { status: 503 }, { status: 200 });
  await send('server', AbortSignal.abort());
  expect(await waitOf()).toBe(0);
  const controller = new AbortController();
  const waiting = send('server', controller.signal);
  controller.abort(new Error('enough'));
  expect(await waiting).toEqual(new Error('enough'));
  expect(script.requests).toHaveLength(2);
  expect(clock.pending).toBe(0);
});
