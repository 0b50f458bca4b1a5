import type { Event as CoreEvent } from '@client-ts/api/core/v1';
import type { Event } from '@client-ts/api/events/v1';
import { sleep } from '@client-ts/apimachinery';
import { newAlreadyExists } from '@client-ts/apimachinery/errors';
import { TransportError } from '@client-ts/rest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scene } from './broadcaster.test.kit.js';
import { coreEvents } from './core-events.js';
import { seriesEvents } from './series-events.js';

type AnyEvent = CoreEvent & Event;

const Minute = 60_000;

const step = fc.record({
  reason: fc.constantFrom('a', 'b', 'c'),
  passMs: fc.constantFrom(0, 0, 1000, 10_000, Minute, 7 * Minute, 31 * Minute),
  /** `away`: nothing arrives; `lost`: what arrives is done, and not answered. Both for half a minute. */
  fault: fc.constantFrom('none', 'none', 'none', 'away', 'lost'),
});

test.each([
  // Nothing is held back, so that all of it can be counted.
  ['coreEvents', () => coreEvents({ spamBurst: 1000 })],
  ['seriesEvents', seriesEvents],
])('with %s, each event is counted once, whatever is lost on the way to a server and back', async (_, api) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (history) => {
      const scene = new Scene<AnyEvent>(api() as never, { closeTimeoutMs: 10 * Minute });
      const { clock, sink, broadcaster, recorder } = scene;
      let fault: { kind: string; until: number } = { kind: 'none', until: 0 };
      const fails = (kind: string): boolean => fault.kind === kind && clock.now() < fault.until;
      sink.before = async ({ verb, event: { metadata } }) => {
        await sleep(clock, 500);
        if (fails('away')) throw new TransportError('connect', 'refused');
        const name = metadata.name ?? '';
        if (verb === 'create' && sink.stored.has(name)) throw newAlreadyExists({ group: '', resource: 'events' }, name);
      };
      sink.after = () => {
        if (fails('lost')) throw new TransportError('reset', 'gone');
      };
      const said = new Map<string, number>();
      for (const { reason, passMs, fault: kind } of history) {
        // Never so long that an event is given up.
        if (kind !== 'none' && clock.now() > fault.until + Minute / 2)
          fault = { kind, until: clock.now() + Minute / 2 };
        recorder.event({ apiVersion: 'v1', kind: 'Pod', namespace: 'b', name: 'web' }, 'Normal', reason, 'c');
        said.set(reason, (said.get(reason) ?? 0) + 1);
        await clock.advance(passMs);
      }
      fault = { kind: 'none', until: 0 };
      const closed = broadcaster[Symbol.asyncDispose]();
      await clock.advance(5 * Minute);
      await closed;
      const stored = new Map<string, number>();
      for (const { reason = '', count, series } of sink.stored.values())
        stored.set(reason, (stored.get(reason) ?? 0) + (series?.count ?? count ?? 1));
      expect(stored).toEqual(said);
      expect(scene.failures).toEqual([]);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
});
