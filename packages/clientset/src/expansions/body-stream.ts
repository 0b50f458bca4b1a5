import { onAbort } from '@client-ts/apimachinery';
import type { TransportResponse } from '@client-ts/rest';

type Open = (signal: AbortSignal) => Promise<TransportResponse>;

/**
 * The body of one request. The request is sent when the stream is first read, and refused by an error of the stream;
 * cancelling the stream closes the connection, whatever is being waited for.
 */
export function bodyStream(open: Open, outer: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const controller = new AbortController();
  const chunks = read(open, controller, outer);
  return new ReadableStream(
    {
      async pull(stream) {
        const { done, value } = await chunks.next();
        if (done) stream.close();
        else stream.enqueue(value);
      },
      async cancel(reason) {
        // A generator queues return() behind a pending next(), so the request itself has to end first.
        controller.abort(reason);
        await chunks.return().catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

/** Begins with the first read: before that nothing would take a listener away. */
async function* read(
  open: Open,
  controller: AbortController,
  outer: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  outer?.throwIfAborted();
  const unlink = outer && onAbort(outer, () => controller.abort(outer.reason));
  const { signal } = controller;
  try {
    const response = await open(signal);
    if (signal.aborted) await response.discard();
    signal.throwIfAborted();
    yield* response.body;
  } finally {
    unlink?.();
  }
}
