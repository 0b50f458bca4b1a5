import { realClock, sleep } from '@client-ts/apimachinery';

/** A server that starts answers when it can, and nobody tells. */
const IntervalMs = 50;

/**
 * Asks again and again until the answer is true. An error counts as not yet; when time is up, the last one is the cause.
 *
 * @param what - what is waited for, for the message.
 */
export async function pollUntil(
  what: string,
  timeoutMs: number,
  ask: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = realClock.now() + timeoutMs;
  let cause: unknown;
  while (realClock.now() < deadline) {
    signal?.throwIfAborted();
    try {
      if (await ask()) return;
    } catch (error) {
      cause = error;
    }
    await sleep(realClock, IntervalMs, signal);
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}
