import { newInternalError, newTooManyRequests } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { FakeSource } from '@client-ts/cache/testing';
import * as fc from 'fast-check';
import { RetryWatcher } from './retry-watcher.js';

/** One thing that happens at a server, or on the way to it. */
type Step =
  | { readonly type: 'set' | 'delete'; readonly name: string }
  | { readonly type: 'bookmark' | 'end' | 'break' | 'turn' }
  /** The next requests are refused. */
  | { readonly type: 'refuse'; readonly times: number }
  | { readonly type: 'wait'; readonly ms: number };

const name = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ type: fc.constantFrom('set' as const, 'delete' as const), name }), weight: 4 },
  fc.record({ type: fc.constantFrom('bookmark' as const, 'end' as const, 'break' as const, 'turn' as const) }),
  fc.record({ type: fc.constant('refuse' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(10, 1000, 5000) }),
);

export const watchHistories: fc.Arbitrary<readonly Step[]> = fc.array(step, { maxLength: 30, size: 'max' });

/** Rejects unless a RetryWatcher gives every event once and in order, whatever ends its watches, and leaves nothing behind. */
export async function followHistory(steps: readonly Step[]): Promise<void> {
  const clock = new FakeClock(0);
  const source = new FakeSource();
  source.set({ metadata: { name: 'before' } });
  const stop = new AbortController();
  const watcher = new RetryWatcher(source, { resourceVersion: '2', clock, signal: stop.signal });
  const happened: string[] = [];
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { type, object } of watcher)
      seen.push(`${type} ${object.metadata?.name}@${object.metadata?.resourceVersion}`);
  };
  const reading = read().catch((error: unknown) => error);
  const there = new Set<string>();
  const happens = (type: string, of: string): void => {
    happened.push(`${type} ${of}@${happened.length + 3}`);
  };
  const perform = (next: Step): Promise<void> | void => {
    switch (next.type) {
      case 'set':
        happens(there.has(next.name) ? 'MODIFIED' : 'ADDED', next.name);
        there.add(next.name);
        return void source.set({ metadata: { name: next.name } });
      case 'delete':
        if (there.delete(next.name)) happens('DELETED', next.name);
        return source.delete(next.name);
      case 'bookmark':
        return source.bookmark();
      case 'end':
        return source.closeWatches();
      case 'break':
        return source.closeWatches(newInternalError('broken'));
      case 'refuse':
        return source.failWatches(...Array.from({ length: next.times }, () => newTooManyRequests('busy', 2)));
      case 'turn':
        return settle();
      case 'wait':
        return clock.advance(next.ms);
    }
  };
  for (const next of steps) await perform(next);
  await clock.advance(1_000_000);
  expectSame(seen, happened);
  stop.abort('enough');
  expectSame([await reading, source.openWatches, clock.pending], ['enough', 0, 0]);
}

function expectSame(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}
