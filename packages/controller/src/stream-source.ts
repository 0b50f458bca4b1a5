import { abortable, Backoff, sleep } from '@client-ts/apimachinery';
import type { ObjectRef } from './object-ref.js';
import type { Source, SourceTarget, StartedSource } from './source.js';

/** Pauses before a stream that failed is opened again: 1 s doubling to a minute, spread so that not all come back at once. */
const Pauses = { durationMs: 1000, factor: 2, jitter: 0.5, capMs: 60_000 };

/**
 * Whatever tells of objects to be reconciled: a queue of messages, timers, what another system says.
 *
 * A stream that fails is reported, and opened again after a pause; one that ends has nothing more to say. It is left when the
 * controller stops: then `signal` aborts, and nothing of it is waited for.
 */
export function fromStream(name: string, open: (signal: AbortSignal) => AsyncIterable<ObjectRef>): Source {
  return {
    name,
    start: (target): StartedSource => {
      const stop = new AbortController();
      const running = follow(name, open, target, stop.signal);
      return {
        synced: () => Promise.resolve(),
        async [Symbol.asyncDispose]() {
          stop.abort(new Error(`${name}: the controller has stopped`));
          await running;
        },
      };
    },
  };
}

async function follow(
  name: string,
  open: (signal: AbortSignal) => AsyncIterable<ObjectRef>,
  target: SourceTarget,
  signal: AbortSignal,
): Promise<void> {
  const pauses = new Backoff(Pauses, target.clock);
  while (!signal.aborted) {
    try {
      await abortable(readAll(name, open(signal), target, signal, pauses), signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      target.report('source', `${name} failed, and is opened again`, error);
      await sleep(target.clock, pauses.step(), signal).catch(() => {});
    }
  }
}

async function readAll(
  name: string,
  stream: AsyncIterable<ObjectRef>,
  target: SourceTarget,
  signal: AbortSignal,
  pauses: Backoff,
): Promise<void> {
  for await (const ref of stream) {
    if (signal.aborted) return;
    pauses.reset();
    target.enqueue(ref, { reasons: [name] });
  }
}
