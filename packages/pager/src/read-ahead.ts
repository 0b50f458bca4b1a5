import { onAbort } from '@client-ts/apimachinery';

/**
 * Iterates over what `start` gives, and asks for up to `count` more in advance while one is worked on. What fails in advance
 * rejects in its turn. Leaving, and an abort, end what has been begun in advance.
 *
 * @param start - gives a generator, which does one thing after the other, however many are asked for.
 */
export async function* readAhead<V>(
  start: (signal: AbortSignal) => AsyncGenerator<V, void, void>,
  count: number,
  signal?: AbortSignal,
): AsyncGenerator<V, void, void> {
  signal?.throwIfAborted();
  const end = new AbortController();
  const unlink = signal && onAbort(signal, () => end.abort(signal.reason));
  const source = start(end.signal);
  const asked: Promise<IteratorResult<V, void>>[] = [];
  try {
    for (;;) {
      while (asked.length <= count) {
        const next = source.next();
        // Whoever takes it hears of it; after leaving, nobody does.
        next.catch(() => undefined);
        asked.push(next);
      }
      const next = await asked.shift();
      if (!next || next.done) return;
      signal?.throwIfAborted();
      yield next.value;
      signal?.throwIfAborted();
    }
  } finally {
    unlink?.();
    end.abort();
  }
}
