import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLostConnectionError } from './lost-connection-error.js';
import type { PodConnection } from './pod-connection.js';
import { PodDialer } from './pod-dialer.js';
import { isPortForwardError } from './port-forward-error.js';
import { PortServer, type ServedConnection, type ServedTunnel } from './port-server.test.kit.js';

/** What can happen, to the connection whose number it has if there is one. */
const step = fc.record({
  what: fc.constantFrom(
    'dial',
    'podSays',
    'podSays',
    'podEnds',
    'serverIsDone',
    'serverFails',
    'serverResets',
    'clientSays',
    'clientSays',
    'clientEnds',
    'clientReads',
    'clientReads',
    'clientDisposes',
    'clientCancels',
    'tunnelBreaks',
    'timePasses',
  ),
  which: fc.nat({ max: 5 }),
  size: fc.integer({ min: 1, max: 300 }),
  messageBytes: fc.constantFrom(1, 5, 8, 9, 100, Infinity),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One connection, and what should be true of it. */
class Watched {
  readonly served: ServedConnection;
  readonly tunnel: ServedTunnel;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #connection: PodConnection;
  podSaid = '';
  podHasEnded = false;
  serverHasFailed = false;
  clientSaid = '';
  clientHasEnded = false;
  /** Whether it was let go of, in one direction at least. */
  isCut = false;
  received = '';
  end: unknown;

  constructor(connection: PodConnection, served: ServedConnection) {
    this.#connection = connection;
    this.tunnel = served.tunnel;
    this.served = served;
    this.#reader = connection.readable.getReader();
    this.#writer = connection.writable.getWriter();
    this.#writer.closed.catch(() => undefined);
    this.#reader.closed.catch(() => undefined);
  }

  /** Reads what there is now, up to so many chunks. */
  read(chunks: number): void {
    for (let i = 0; i < chunks && this.end === undefined; i++) {
      void this.#readOne();
    }
  }

  async #readOne(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read();
      if (done) this.end ??= 'ended';
      else this.received += Buffer.from(value).toString('latin1');
    } catch (error) {
      this.end ??= error;
    }
  }

  write(text: string): void {
    if (this.clientHasEnded || this.isCut) return;
    this.clientSaid += text;
    this.#writer.write(Buffer.from(text)).catch(() => undefined);
  }

  close(): void {
    if (this.clientHasEnded || this.isCut) return;
    this.clientHasEnded = true;
    this.#writer.close().catch(() => undefined);
  }

  dispose(): void {
    this.isCut = true;
    void this.#connection[Symbol.asyncDispose]();
  }

  cancel(): void {
    this.isCut = true;
    this.#reader.cancel().catch(() => undefined);
  }

  /** Whether the server may still say something. */
  get isServed(): boolean {
    return !this.serverHasFailed && !this.tunnel.isClosed;
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Different wherever it is cut off or given twice. */
function words(from: number, size: number): string {
  return Array.from({ length: size }, (_, i) => String.fromCharCode(33 + ((from + i) % 90))).join('');
}

async function act({ what, which, size, messageBytes }: Step, scene: Scene): Promise<void> {
  const { server, dialer, clock, all } = scene;
  if (what === 'dial') {
    if (all.length > 5) return;
    const port = 80 + all.length;
    const connection = await dialer.dial(port);
    const served = server.tunnels.flatMap(({ connections }) => connections).findLast((each) => each.port === port);
    if (!served) throw new Error('the server knows nothing of it');
    all.push(new Watched(connection, served));
    return;
  }
  if (what === 'timePasses') {
    await clock.advance(1000);
    return;
  }
  const one = all[which % Math.max(all.length, 1)];
  if (!one) return;
  one.tunnel.messageBytes = messageBytes;
  const { served } = one;
  switch (what) {
    case 'podSays':
      if (!one.isServed || one.podHasEnded) return;
      served.say(words(one.podSaid.length, size));
      one.podSaid += words(one.podSaid.length, size);
      break;
    case 'podEnds':
      if (!one.isServed || one.podHasEnded) return;
      one.podHasEnded = true;
      served.end();
      break;
    case 'serverIsDone':
      // Only after the Pod has: servers end the data at the same time.
      if (!one.isServed) return;
      served.done();
      if (!one.podHasEnded) served.end();
      one.podHasEnded = true;
      break;
    case 'serverFails':
    case 'serverResets':
      // When it has ended well, nothing can be said against it.
      if (!one.isServed || one.podHasEnded) return;
      one.serverHasFailed = true;
      if (what === 'serverFails') served.fail('refused');
      else served.reset();
      break;
    case 'clientSays':
      one.write(words(one.clientSaid.length, size));
      break;
    case 'clientEnds':
      one.close();
      break;
    case 'clientReads':
      one.read(which + 1);
      break;
    case 'clientDisposes':
      one.dispose();
      break;
    case 'clientCancels':
      one.cancel();
      break;
    case 'tunnelBreaks':
      one.tunnel.isClosed ||= (one.tunnel.break(), true);
      break;
  }
}

interface Scene {
  readonly server: PortServer;
  readonly dialer: PodDialer;
  readonly clock: FakeClock;
  readonly all: Watched[];
}

function check(one: Watched): void {
  const { served, received, end } = one;
  expect(one.podSaid.startsWith(received)).toBe(true);
  expect(one.clientSaid.startsWith(served.heard)).toBe(true);
  if (served.hasEnded) expect([one.clientHasEnded, served.heard]).toEqual([true, one.clientSaid]);
  if (end === 'ended' && !one.isCut) expect([one.podHasEnded, received]).toEqual([true, one.podSaid]);
  else if (end !== 'ended') expect([end, isPortForwardError(end) || isLostConnectionError(end)]).toEqual([end, true]);
  if (one.serverHasFailed && !one.isCut) expect(end).not.toBe('ended');
  if (isLostConnectionError(end) && !one.tunnel.isClosed) throw end;
}

test('whatever happens to connections, each has what was said to it, in order and once, or says that it has not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const server = new PortServer();
      const clock = new FakeClock();
      const dialer = new PodDialer(server.config, { namespace: 'default', pod: 'web', clock, maxBufferedBytes: 400 });
      const scene: Scene = { server, dialer, clock, all: [] };
      for (const each of [{ what: 'dial', which: 0, size: 1, messageBytes: 8 } as const, ...steps]) {
        await act(each, scene);
        await settled();
      }
      // Everybody reads what there is.
      for (const one of scene.all) one.read(10_000);
      await settled();
      await clock.advance(1000);
      await settled();
      await dialer[Symbol.asyncDispose]();
      await settled();
      for (const one of scene.all) check(one);
      for (const { closed } of server.tunnels) await closed;
    }),
    { numRuns: 50 },
  );
});
