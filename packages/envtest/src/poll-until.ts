import { realClock, sleep } from '@client-ts/apimachinery';

/** A server that starts answers when it can, and nobody tells. */
const IntervalMs = 50;

/**
 * Asks again and again until the answer is true. A failure to ask counts as not yet; when time is up, the last one is the
 * cause. Rejects with `signal.reason` when aborted.
 *
 * @param what - what is waited for, for the message.
 * @param ask - answers an error where waiting is in vain.
 */
export async function pollUntil(
  what: string,
  timeoutMs: number,
  ask: () => Promise<boolean | Error>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = realClock.now() + timeoutMs;
  let cause: unknown;
  while (realClock.now() < deadline) {
    signal?.throwIfAborted();
    let answer: boolean | Error = false;
    try {
      answer = await ask();
    } catch (error) {
      cause = error;
    }
    if (answer === true) return;
    if (answer instanceof Error) throw answer;
    await sleep(realClock, IntervalMs, signal);
  }
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(`waited ${timeoutMs} ms for ${what}${why}`, { cause });
}
