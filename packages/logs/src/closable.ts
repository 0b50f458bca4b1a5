import { onAbort } from '@client-ts/apimachinery';

/** Stands for "the reader left": never seen outside. */
const Closed = Symbol('closed');

/** Values that arrive, until the reader leaves: by `break`, or by disposing, which ends a pending `next()` too. */
export type ClosableIterable<T> = AsyncIterableIterator<T, void, void> & AsyncDisposable;

/**
 * Begins with the first `next()`. Rejects with `outer.reason` when that aborts; when the reader leaves, all that `generate` has open is
 * closed by the signal that it was given.
 */
export function closable<T>(
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
  outer: AbortSignal | undefined,
): ClosableIterable<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const values = run();

  async function* run(): AsyncGenerator<T, void, void> {
    outer?.throwIfAborted();
    const unlink = outer && onAbort(outer, () => controller.abort(outer.reason));
    try {
      yield* generate(signal);
    } catch (error) {
      if (signal.reason !== Closed) throw error;
    } finally {
      unlink?.();
      // What is still open is not of interest any more, however it ended.
      controller.abort(Closed);
    }
  }

  const close = async (): Promise<IteratorResult<T, void>> => {
    controller.abort(Closed);
    await values.return();
    return { done: true, value: undefined };
  };
  const iterator: ClosableIterable<T> = {
    next: () => values.next(),
    return: close,
    [Symbol.asyncIterator]: () => iterator,
    [Symbol.asyncDispose]: async () => {
      await close();
    },
  };
  return iterator;
}
